import { existsSync } from 'node:fs';
import { mkdir, readdir, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';

/** The folder that one process downloads to. The next process continues with the files that it leaves behind. */
export interface PartialFolder {
  /** Absolute, on the pool's file system. */
  readonly path: string;
  /**
   * Takes over the partial file of this digest from processes that have ended, so that a download continues where it
   * stopped.
   */
  adopt(sha256: string): Promise<void>;
  /** Keeps unfinished files for the next process, and removes the folder if there are none. */
  close(): Promise<void>;
}

/** Reports whether the process of a folder still runs; the folder's name is pid-number. */
function isAlive(name: string): boolean {
  return existsSync(`/proc/${name.split('-', 1)[0] ?? ''}`);
}

let opened = 0;

/** Creates a folder for this process below the pool's partial/. */
export async function openPartialFolder(pool: string): Promise<PartialFolder> {
  const all = join(pool, 'partial');
  const path = join(all, `${process.pid}-${opened++}`);
  await rm(path, { recursive: true, force: true });
  await mkdir(path, { recursive: true });
  const left = (await readdir(all)).filter((name) => name.startsWith('left-') || !isAlive(name));
  return {
    path,
    adopt: async (sha256) => {
      // Rename is atomic: if two processes want the same partial file, one gets it.
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
