import { existsSync } from 'node:fs';
import { link, mkdir, open, readdir, rename, rm, symlink } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { IngotError } from '../host/ingot-error.ts';
import { isOwnFolder } from '../host/own-folder.ts';
import { latestPath } from '../store/latest-version.ts';
import { bundlePlaces } from './bundle-record.ts';
import { type AirGapSink, type ReadAirGap, readAirGap, type VerifiedAirGap } from './read-air-gap.ts';

/** A sink that only reads. */
export const noSink: AirGapSink = {
  write: async (_, chunks) => {
    // Whoever reads computes the digest.
    for await (const chunk of chunks) chunk.fill(0);
  },
  link: () => Promise.resolve(),
};

/** A sink that creates files in a new folder, which nobody else can enter. No name exists twice, and no link is followed. */
function folderSink(folder: string): AirGapSink {
  const made = new Set<string>();
  const place = async (path: string): Promise<string> => {
    const file = join(folder, path);
    if (!made.has(dirname(file))) await mkdir(dirname(file), { recursive: true });
    made.add(dirname(file));
    return file;
  };
  return {
    write: async (path, chunks) => {
      const executable = path === `${bundlePlaces.tools}/node`;
      const handle = await open(await place(path), 'wx', executable ? 0o755 : 0o644);
      try {
        for await (const chunk of chunks) await handle.writeFile(chunk);
        await handle.sync();
      } finally {
        await handle.close();
      }
    },
    link: async (path, of) => {
      await link(join(folder, of), await place(path));
    },
  };
}

/** Removes what an earlier opening left that was killed. */
async function removeLeftovers(into: string): Promise<void> {
  const prefix = `.${basename(into)}.opening-`;
  for (const name of await readdir(dirname(into)).catch(() => [] as string[])) {
    const path = join(dirname(into), name);
    const pid = name.startsWith(prefix) ? name.slice(prefix.length) : '';
    if (/^\d+$/.test(pid) && !existsSync(`/proc/${pid}`) && (await isOwnFolder(path)))
      await rm(path, { recursive: true, force: true });
  }
}

function explained(error: unknown, into: string): unknown {
  if ((error as NodeJS.ErrnoException).code !== 'ENOSPC') return error;
  return new IngotError({
    code: 'no-space',
    message: `there is not enough space for the bundle; nothing was left in ${dirname(into)}`,
    hint: 'free some space, or name a folder on another file system',
    cause: error,
  });
}

/**
 * Unpacks a bundle into a new folder, which appears when every file is verified and on the disk, or not at all. The
 * versions in it become the latest ones of its store.
 * @param into absolute path of the folder; it must not exist
 * @throws IngotError wrong-archive, unusable-folder, no-space
 */
export async function openAirGap(request: Omit<ReadAirGap, 'sink'>, into: string): Promise<VerifiedAirGap> {
  if (existsSync(into))
    throw new IngotError({
      code: 'unusable-folder',
      message: `${into} already exists`,
      hint: 'name a new folder with --into',
    });
  await mkdir(dirname(into), { recursive: true });
  await removeLeftovers(into);
  const own = join(dirname(into), `.${basename(into)}.opening-${process.pid}`);
  try {
    await mkdir(own, { mode: 0o755 });
    const verified = await readAirGap({ ...request, sink: folderSink(own) });
    for (const { role, version } of verified.record.versions)
      await symlink(version, latestPath(join(own, bundlePlaces.store), role));
    await rename(own, into);
    return verified;
  } catch (error) {
    throw explained(error, into);
  } finally {
    await rm(own, { recursive: true, force: true });
  }
}
