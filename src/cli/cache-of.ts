import { resolve } from 'node:path';
import type { CacheFolders } from '../bake/bake-caches.ts';
import { cacheBound, defaultCache } from '../bake/cache/cache-folder.ts';
import { IngotError } from '../host/ingot-error.ts';
import type { World } from './world.ts';

/** What a command line says of caches; paths as the user wrote them. */
export interface CacheOptions {
  /** false: --no-cache. */
  readonly cache: string | false | undefined;
  readonly cacheFrom?: string | undefined;
  readonly cacheTo?: string | undefined;
}

/** The caches that the command line or the environment names. Throws an IngotError ('wrong-input') for what contradicts itself. */
export function cacheOf(world: World, { cache, cacheFrom, cacheTo }: CacheOptions): CacheFolders {
  const absolute = (folder: string | undefined) =>
    folder === undefined ? undefined : resolve(world.cwd, folder);
  if (cache === false && (cacheFrom ?? cacheTo) !== undefined)
    throw new IngotError({
      code: 'wrong-input',
      message: '--no-cache uses no cache, so there is nothing for --cache-from and --cache-to',
      hint: 'leave one of them away',
    });
  return {
    own: cache === false ? undefined : absolute(cache ?? defaultCache(world.env)),
    from: absolute(cacheFrom),
    to: absolute(cacheTo),
    maxBytes: cacheBound(world.env),
  };
}
