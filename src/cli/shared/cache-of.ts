import { resolve } from 'node:path';
import type { CacheFolders } from '../../bake/bake-caches.ts';
import { cacheSizeLimit, defaultCache } from '../../bake/cache/cache-folder.ts';
import { IngotError } from '../../host/ingot-error.ts';
import type { World } from '../world.ts';

/** The caches that a command line names; paths as the user wrote them. */
export interface CacheOptions {
  /** false: --no-cache. */
  readonly cache: string | false | undefined;
  readonly cacheFrom?: string | undefined;
  readonly cacheTo?: string | undefined;
}

/**
 * The caches that the command line or the environment sets.
 * @throws IngotError wrong-usage for options that contradict each other
 */
export function cacheOf(world: World, { cache, cacheFrom, cacheTo }: CacheOptions): CacheFolders {
  const absolute = (folder: string | undefined) =>
    folder === undefined ? undefined : resolve(world.cwd, folder);
  if (cache === false && (cacheFrom ?? cacheTo) !== undefined)
    throw new IngotError({
      code: 'wrong-usage',
      message: '--no-cache cannot be used with --cache-from or --cache-to',
      hint: 'omit one of them',
    });
  return {
    own: cache === false ? undefined : absolute(cache ?? defaultCache(world.env)),
    from: absolute(cacheFrom),
    to: absolute(cacheTo),
    maxBytes: cacheSizeLimit(world.env),
  };
}
