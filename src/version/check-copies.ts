import { constants, copyFile, mkdir, mkdtemp, rm } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import type { Host } from '../host/host.ts';
import { always, belongsTogether } from './belongs-together.ts';
import { checkSums, type FileProblem } from './check-sums.ts';
import { versionFiles } from './version-files.ts';
import { scriptsWithRootHash } from './version-identity.ts';

/** What is looked into, beyond its digest. */
const lookedInto = new Set([...always, ...scriptsWithRootHash]);

/**
 * Finds all that is wrong with a version folder, as its list has it. What is looked into is copied before it is read, so that what has the digest of the list and
 * what is found to belong together are the very same bytes, whoever writes to the folder meanwhile.
 * @param folder absolute, no link; a folder next to it is used for the copies
 * @param list the bytes of SHA256SUMS that count
 */
export async function checkCopies(
  host: Host,
  folder: string,
  list: Buffer,
  signal?: AbortSignal,
): Promise<readonly FileProblem[]> {
  const paths = new Set((await versionFiles(folder)).files.filter((path) => lookedInto.has(path)));
  const own = await mkdtemp(join(dirname(folder), `.${basename(folder)}.checking-`));
  try {
    for (const path of paths) {
      signal?.throwIfAborted();
      await mkdir(dirname(join(own, path)), { recursive: true });
      // Shares the blocks where the file system can (ioctl_ficlone(2)), which costs nothing.
      await copyFile(join(folder, path), join(own, path), constants.COPYFILE_FICLONE);
    }
    const { problems, digests } = await checkSums(folder, { signed: list, copies: { folder: own, paths } });
    const told = new Set(problems.map(({ file }) => file));
    const options = { folder: own, named: folder, digests, told };
    const more = await belongsTogether(host, { ...options, ...(signal === undefined ? {} : { signal }) });
    return [...problems, ...more.problems];
  } finally {
    await rm(own, { recursive: true, force: true });
  }
}
