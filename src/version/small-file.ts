import { constants } from 'node:fs';
import { open } from 'node:fs/promises';
import { IngotError } from '../host/ingot-error.ts';

/** The largest list, signature or record of a version that is read into memory, bytes. A list of ten thousand files has one. */
const limit = 1024 ** 2;

/**
 * Reads a file of a version that has to fit into memory. What is no file (a link, a pipe) is not opened by way of its name and not waited for.
 * @returns undefined where there is no such file
 * @throws IngotError damaged-version when it is larger than 1 MiB
 */
export async function smallFile(file: string): Promise<Buffer | undefined> {
  const flags = constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK;
  const handle = await open(file, flags).catch((error: unknown) => {
    // open(2): no such file, a link, a socket, a file where there should be a folder
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
        message: `${file} is ${found.size} bytes large: ingot writes no such file`,
        hint: 'take the version again from where it was published',
      });
    return await handle.readFile();
  } finally {
    await handle.close();
  }
}
