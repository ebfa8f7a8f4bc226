import { constants } from 'node:fs';
import { open } from 'node:fs/promises';
import { IngotError } from '../host/ingot-error.ts';

/**
 * The largest list, signature or record of a version that is read into memory, in bytes. A list of ten thousand files
 * has this size.
 */
const limit = 1024 ** 2;

/**
 * Reads a file of a version that has to fit into memory. Anything that is not a file (a link, a pipe) is not followed
 * and does not block.
 * @returns undefined if there is no such file
 * @throws IngotError damaged-version if it is larger than 1 MiB
 */
export async function smallFile(file: string): Promise<Buffer | undefined> {
  const flags = constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK;
  const handle = await open(file, flags).catch((error: unknown) => {
    // open(2): no such file, a link, a socket, or a file instead of a folder
    if (['ENOENT', 'ELOOP', 'ENXIO', 'ENOTDIR'].includes((error as NodeJS.ErrnoException).code ?? '')) return;
    throw error;
  });
  if (handle === undefined) return undefined;
  try {
    const found = await handle.stat();
    if (!found.isFile()) return undefined;
    if (found.size > limit)
      throw new IngotError({
        code: 'damaged-version',
        message: `${file} is ${found.size} bytes large: ingot never writes such a large file`,
        hint: 'copy the version again from where it was published',
      });
    return await handle.readFile();
  } finally {
    await handle.close();
  }
}
