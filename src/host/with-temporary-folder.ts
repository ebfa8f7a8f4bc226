import { statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { resolve } from 'node:path';
import { dir, setGracefulCleanup } from 'tmp';
import { IngotError } from './ingot-error.ts';
import { openPlainFolder } from './plain-paths.ts';

// What has not ended when our own process does goes with it.
setGracefulCleanup();

const reasons: Readonly<Record<string, string>> = {
  ENOENT: 'does not exist',
  ENOTDIR: 'is not a folder',
  EACCES: 'cannot be written',
  EPERM: 'cannot be written',
  EROFS: 'is on a read-only file system',
};

/** Why no folder could be made there; a full disk and the like are not the user's choice of a folder. */
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
  /** Calls back when the folder is gone. */
  readonly remove: (done: () => void) => void;
}

async function makeFolder(): Promise<Made> {
  const parent = resolve(tmpdir());
  try {
    // mkdir(2) says ENOENT of a file as well.
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
 * Gives work an empty folder of its own, which only this user can enter and which is removed with all that is in it however the work ends. Its path needs
 * no quoting anywhere, whatever TMPDIR is.
 * @throws IngotError host-not-ready when TMPDIR does not name a folder that can be written
 */
export async function withTemporaryFolder<T>(work: (folder: string) => Promise<T>): Promise<T> {
  const made = await makeFolder();
  try {
    const { path, close } = await openPlainFolder(made.path);
    return await work(path).finally(close);
  } finally {
    // It is gone only when the callback says so; the process may end right after us.
    await new Promise<void>((gone) => {
      made.remove(gone);
    });
  }
}
