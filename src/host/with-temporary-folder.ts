import { statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { resolve } from 'node:path';
import { dir, setGracefulCleanup } from 'tmp';
import { IngotError } from './ingot-error.ts';
import { openPlainFolder } from './plain-paths.ts';

// Folders that still exist when our own process exits are removed then.
setGracefulCleanup();

const reasons: Readonly<Record<string, string>> = {
  ENOENT: 'does not exist',
  ENOTDIR: 'is not a folder',
  EACCES: 'cannot be written',
  EPERM: 'cannot be written',
  EROFS: 'is on a read-only file system',
};

/**
 * Explains why no folder could be created there. Other causes, such as a full disk, are passed on, because they are not
 * due to the user's choice of a folder.
 */
function unusable(parent: string, cause: unknown): unknown {
  const why = reasons[(cause as NodeJS.ErrnoException).code ?? ''];
  if (why === undefined) return cause;
  return new IngotError({
    code: 'host-not-ready',
    message: `the folder for temporary files ${why}: ${parent}`,
    hint: 'set TMPDIR to a folder that exists and can be written, or unset it: then it is /tmp',
    cause,
  });
}

interface Made {
  readonly path: string;
  /** Calls back when the folder is removed. */
  readonly remove: (done: () => void) => void;
}

async function makeFolder(): Promise<Made> {
  const parent = resolve(tmpdir());
  try {
    // For a file, mkdir(2) reports ENOENT as well.
    if (!statSync(parent).isDirectory()) throw Object.assign(new Error(parent), { code: 'ENOTDIR' });
    return await new Promise<Made>((made, failed) => {
      dir({ tmpdir: parent, unsafeCleanup: true, prefix: 'ingot', mode: 0o700 }, (error, path, remove) => {
        if (error === null) made({ path, remove });
        else failed(error);
      });
    });
  } catch (error) {
    throw unusable(parent, error);
  }
}

/**
 * Passes a new, empty folder to `work`. Only this user can enter it, and it is removed with its content even if the
 * work fails. Its path needs no quoting anywhere, whatever TMPDIR is.
 * @throws IngotError host-not-ready if TMPDIR does not name a writable folder
 */
export async function withTemporaryFolder<T>(work: (folder: string) => Promise<T>): Promise<T> {
  const made = await makeFolder();
  try {
    const { path, close } = await openPlainFolder(made.path);
    return await work(path).finally(close);
  } finally {
    // The folder is gone only when the callback is called; the process may exit right after we return.
    await new Promise<void>((gone) => {
      made.remove(gone);
    });
  }
}
