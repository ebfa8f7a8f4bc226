import { existsSync } from 'node:fs';
import { mkdir, readdir, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';

/** Where one process downloads to. What it leaves behind, the next one goes on with. */
export interface PartialFolder {
  /** Absolute, on the pool's file system. */
  readonly path: string;
  /** Takes over what ended processes left of this digest, so that a download goes on where it stopped. */
  adopt(sha256: string): Promise<void>;
  /** Keeps what is unfinished for the next process, and removes the folder if nothing is. */
  close(): Promise<void>;
}

/** Whether the process of a folder still runs; its name is pid-number. */
function lives(name: string): boolean {
  return existsSync(`/proc/${name.split('-', 1)[0] ?? ''}`);
}

let opened = 0;

/** Makes a folder of our own below the pool's partial/. */
export async function openPartialFolder(pool: string): Promise<PartialFolder> {
  const all = join(pool, 'partial');
  const path = join(all, `${process.pid}-${opened++}`);
  await rm(path, { recursive: true, force: true });
  await mkdir(path, { recursive: true });
  const left = (await readdir(all)).filter((name) => name.startsWith('left-') || !lives(name));
  return {
    path,
    adopt: async (sha256) => {
      // Rename is atomic: of two that want the same rest, one gets it.
      for (const name of left)
        await rename(join(all, name, sha256), join(path, sha256)).catch(() => undefined);
    },
    close: async () => {
      const unfinished = await readdir(path);
      if (unfinished.length === 0) await rm(path, { recursive: true });
      else await rename(path, join(all, `left-${process.pid}-${String(process.hrtime.bigint())}`));
      for (const name of left) {
        const rest = await readdir(join(all, name)).catch(() => []);
        if (rest.length === 0) await rm(join(all, name), { recursive: true, force: true });
      }
    },
  };
}
