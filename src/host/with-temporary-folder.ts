import { rmSync, statSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { IngotError } from '../errors/ingot-error.ts';
import { openPlainPath } from './plain-path.ts';

/** Folders of works that have not ended; they go with our own process, however that ends. */
const made = new Set<string>();
process.on('exit', () => {
  for (const folder of made) rmSync(folder, { recursive: true, force: true });
});

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
    code: 'wrong-input',
    message: `the folder for temporary files ${why}: ${parent}`,
    hint: 'set TMPDIR to a folder that exists and can be written, or unset it: then it is /tmp',
    cause,
  });
}

async function makeFolder(): Promise<string> {
  const parent = resolve(tmpdir());
  try {
    // mkdtemp(3) says ENOENT of a file as well.
    if (!statSync(parent).isDirectory()) throw Object.assign(new Error(parent), { code: 'ENOTDIR' });
    return await mkdtemp(join(parent, 'ingot-'));
  } catch (error) {
    throw unusable(parent, error);
  }
}

/**
 * Gives work an empty folder of its own, which only this user can enter and which is removed with all that is in it however the work ends. Its path needs
 * no quoting anywhere, whatever TMPDIR is.
 * @throws IngotError wrong-input when TMPDIR does not name a folder that can be written
 */
export async function withTemporaryFolder<T>(work: (folder: string) => Promise<T>): Promise<T> {
  const folder = await makeFolder();
  made.add(folder);
  try {
    const { path, close } = await openPlainPath(folder);
    return await work(path).finally(close);
  } finally {
    await rm(folder, { recursive: true, force: true });
    made.delete(folder);
  }
}
