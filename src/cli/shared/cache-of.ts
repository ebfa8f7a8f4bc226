import { resolve } from 'node:path';
import type { CacheFolders } from '../../bake/bake-caches.ts';
import { cacheSizeLimit, defaultCache } from '../../bake/cache/cache-folder.ts';
import { IngotError } from '../../host/ingot-error.ts';
import { isRegistryAddress, parseRegistryAddress } from '../../oci/address.ts';
import type { World } from '../world.ts';

/** The caches that a command line names; paths as the user wrote them. */
export interface CacheOptions {
  /** false: --no-cache. */
  readonly cache: string | false | undefined;
  readonly cacheFrom?: string | undefined;
  readonly cacheTo?: string | undefined;
}

/**
 * The address of a cache in a registry.
 * @throws IngotError wrong-usage for one with a tag or a digest, which the entries of the cache have themselves
 */
function cacheAddress(place: string): string {
  const { tag, digest } = parseRegistryAddress(place);
  if (tag === undefined && digest === undefined) return place;
  throw new IngotError({
    code: 'wrong-usage',
    message: `${place} names a tag or a digest, and a cache has many`,
    hint: 'name the repository: oci://HOST/REPOSITORY',
  });
}

/**
 * The caches that the command line or the environment sets.
 * @throws IngotError wrong-usage for options that contradict each other
 */
export function cacheOf(world: World, { cache, cacheFrom, cacheTo }: CacheOptions): CacheFolders {
  const absolute = (place: string | undefined) => {
    if (place === undefined) return undefined;
    return isRegistryAddress(place) ? cacheAddress(place) : resolve(world.cwd, place);
  };
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
    access: { env: world.env, signal: world.signal },
  };
}
