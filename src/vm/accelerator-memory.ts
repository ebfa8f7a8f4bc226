import { existsSync, readdirSync, rmSync, statSync } from 'node:fs';
import { mkdir, readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { userCacheFolder } from '../host/user-folder.ts';
import { writeWholeFile } from '../host/write-whole-file.ts';

const prefix = 'accelerator-';
const monthMs = 30 * 86_400_000;

/**
 * The folder in which the results of KVM tests are remembered for this user, whatever the store: ingot/host in the
 * user's cache.
 * @param otherwise absolute; used if the user has no home, or one that does not exist
 */
export function hostMemory(env: Readonly<Record<string, string | undefined>>, otherwise: string): string {
  try {
    const cache = userCacheFolder(env, 'HOME');
    // A home that does not exist, such as that of a system user, is not made.
    return existsSync(dirname(cache)) ? join(cache, 'ingot/host') : otherwise;
  } catch {
    return otherwise;
  }
}

/** Path of the result of a test. */
export const memoryFile = (folder: string, key: string): string => join(folder, `${prefix}${key}`);

/** Reads a remembered result; undefined for anything that was not written whole. */
export async function rememberedResult(file: string): Promise<'kvm' | 'tcg' | undefined> {
  const text = await readFile(file, 'utf8').catch(() => undefined);
  return text === 'kvm' || text === 'tcg' ? text : undefined;
}

/** Results of earlier boots of this host are of no use. */
function removeOld(folder: string): void {
  for (const name of readdirSync(folder)) {
    const path = join(folder, name);
    if (name.startsWith(prefix) && statSync(path).mtimeMs < Date.now() - monthMs)
      rmSync(path, { force: true });
  }
}

/** Remembers a result; a folder that cannot be written only means that the next test takes its time again. */
export async function rememberResult(file: string, result: 'kvm' | 'tcg'): Promise<void> {
  try {
    await mkdir(dirname(file), { recursive: true });
    await writeWholeFile(file, result);
    removeOld(dirname(file));
  } catch {
    // The result is used all the same.
  }
}
