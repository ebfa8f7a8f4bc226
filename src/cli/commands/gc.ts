import { resolve } from 'node:path';
import { bytesOf } from '../../bake/cache/cache-folder.ts';
import { collect } from '../../bake/garbage-collect.ts';
import { exitCodes, IngotError } from '../../host/ingot-error.ts';
import { cacheOf } from '../cache-of.ts';
import type { World } from '../world.ts';

export interface GcOptions {
  readonly out: string;
  readonly cache: string | undefined;
  /** As the user wrote it: 20GiB. */
  readonly maxSize: string | undefined;
  readonly keepVersions: string | undefined;
  readonly dryRun: boolean;
}

function versionsOf(text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const number = Number(text);
  if (Number.isInteger(number) && number >= 1) return number;
  throw new IngotError({
    code: 'wrong-input',
    message: `--keep-versions is "${text}"`,
    hint: 'it is how many versions of each role stay: 1 or more',
  });
}

const sizeText = (bytes: number): string =>
  bytes >= 1024 ** 3 ? `${(bytes / 1024 ** 3).toFixed(1)} GiB` : `${(bytes / 1024 ** 2).toFixed(0)} MiB`;

/** ingot gc: keeps the cache within its bound and, where asked, takes old versions out of the store; says what it freed. */
export async function gc(world: World, options: GcOptions): Promise<number> {
  const { own, maxBytes } = cacheOf(world, { cache: options.cache });
  const { cache, versions, left } = await collect(world.host, {
    cache: own ?? '',
    maxBytes: options.maxSize === undefined ? maxBytes : bytesOf(options.maxSize, '--max-size'),
    keepVersions: versionsOf(options.keepVersions),
    out: resolve(world.cwd, options.out),
    dryRun: options.dryRun,
  });
  const freed = options.dryRun ? 'would be freed' : 'freed';
  world.out(
    `${own ?? ''}: ${cache.entries} stages and ${cache.objects} files, ${sizeText(cache.freedBytes)} ${freed}; ${sizeText(cache.leftBytes)} are left\n`,
  );
  for (const { folder, bytes } of versions) world.out(`${folder}: ${sizeText(bytes)} ${freed}\n`);
  for (const line of left) world.err(`${line}\n`);
  return exitCodes.done;
}
