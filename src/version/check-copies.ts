import { constants, copyFile, mkdir, mkdtemp, rm } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import type { Host } from '../host/host.ts';
import { checkConsistency, requiredFiles } from './check-consistency.ts';
import { checkSums, type FileProblem } from './check-sums.ts';
import { versionFiles } from './version-files.ts';
import { scriptsWithRootHash } from './version-identity.ts';

/** The files whose content is read, not only their digest. */
const readFiles = new Set([...requiredFiles, ...scriptsWithRootHash]);

/**
 * Finds all problems of a version folder compared with its list. Files whose content is read are copied first, so that
 * the bytes whose digest is compared and the bytes that are found to belong together are the same, even if somebody
 * writes to the folder in the meantime.
 * @param folder absolute path, not a link; a folder next to it is used for the copies
 * @param list the bytes of the SHA256SUMS to compare with
 */
export async function checkCopies(
  host: Host,
  folder: string,
  list: Buffer,
  signal?: AbortSignal,
): Promise<readonly FileProblem[]> {
  const paths = new Set((await versionFiles(folder)).files.filter((path) => readFiles.has(path)));
  const own = await mkdtemp(join(dirname(folder), `.${basename(folder)}.checking-`));
  try {
    for (const path of paths) {
      signal?.throwIfAborted();
      await mkdir(dirname(join(own, path)), { recursive: true });
      // Shares the blocks if the file system supports it (ioctl_ficlone(2)), which costs nothing.
      await copyFile(join(folder, path), join(own, path), constants.COPYFILE_FICLONE);
    }
    const { problems, digests } = await checkSums(folder, { signed: list, copies: { folder: own, paths } });
    const reported = new Set(problems.map(({ file }) => file));
    const options = { folder: own, named: folder, digests, reported };
    const more = await checkConsistency(host, { ...options, ...(signal === undefined ? {} : { signal }) });
    return [...problems, ...more.problems];
  } finally {
    await rm(own, { recursive: true, force: true });
  }
}
