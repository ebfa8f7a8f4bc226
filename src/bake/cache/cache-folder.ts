import { join } from 'node:path';
import { IngotError } from '../../host/ingot-error.ts';
import { userCacheFolder } from '../../host/user-folder.ts';

type Environment = Readonly<Record<string, string | undefined>>;

/**
 * Returns the cache of this user: INGOT_CACHE, otherwise ingot/stages in the user's cache (XDG Base Directory
 * Specification).
 */
export function defaultCache(env: Environment): string {
  const own = env['INGOT_CACHE'];
  if (own !== undefined && own !== '') return own;
  return join(userCacheFolder(env, '--cache FOLDER or INGOT_CACHE'), 'ingot/stages');
}

const units: Readonly<Record<string, number>> = { '': 1, KiB: 1024, MiB: 1024 ** 2, GiB: 1024 ** 3 };

/**
 * Parses a size such as 20GiB, 500MiB or 0 into bytes.
 * @throws IngotError wrong-usage for anything else
 */
export function parseSize(text: string, what: string): number {
  const [, number = '', unit = ''] = /^([0-9]+(?:\.[0-9]+)?) ?(|KiB|MiB|GiB)$/.exec(text) ?? [];
  if (number === '')
    throw new IngotError({
      code: 'wrong-usage',
      message: `${what} is "${text}"`,
      hint: 'it is a size such as 20GiB or 500MiB',
    });
  return Math.floor(Number(number) * (units[unit] ?? 1));
}

/**
 * Returns the size limit of the cache in bytes: INGOT_CACHE_SIZE, otherwise 20 GiB.
 * @throws IngotError wrong-usage for a value that is not a size
 */
export function cacheSizeLimit(env: Environment): number {
  const own = env['INGOT_CACHE_SIZE'];
  return own === undefined || own === '' ? 20 * 1024 ** 3 : parseSize(own, 'INGOT_CACHE_SIZE');
}
