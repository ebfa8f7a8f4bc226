import { resolve } from 'node:path';
import { parseSize } from '../../bake/cache/cache-folder.ts';
import { garbageCollect } from '../../bake/garbage-collect.ts';
import { exitCodes, IngotError } from '../../host/ingot-error.ts';
import type { gcShape } from '../shapes/small-shapes.ts';
import { cacheOf } from '../shared/cache-of.ts';
import { type DocumentOf, jsonText } from '../shared/json-text.ts';
import type { World } from '../world.ts';
import type { GcInput } from './options.ts';
import { sparedVersions } from './spared-versions.ts';

function versionsOf(text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const number = Number(text);
  if (Number.isInteger(number) && number >= 1) return number;
  throw new IngotError({
    code: 'wrong-usage',
    message: `--keep-versions is "${text}"`,
    hint: 'name how many versions of each role to keep: 1 or more',
  });
}

const sizeText = (bytes: number): string =>
  bytes >= 1024 ** 3 ? `${(bytes / 1024 ** 3).toFixed(1)} GiB` : `${(bytes / 1024 ** 2).toFixed(0)} MiB`;

/** What was freed, as a document. */
const gcDocument = (
  folder: string,
  dryRun: boolean,
  { cache, versions }: Awaited<ReturnType<typeof garbageCollect>>,
): DocumentOf<typeof gcShape> => {
  const { entries, objects, freedBytes, leftBytes } = cache;
  return {
    schema: 1,
    dryRun,
    cache: { folder, stages: entries, files: objects, freedBytes, leftBytes },
    versions: versions.map((one) => ({ folder: one.folder, bytes: one.bytes })),
  };
};

/**
 * ingot gc: keeps the cache within its bound and, with --keep-versions, removes old versions from the store; prints
 * what it freed.
 */
export async function gc(world: World, options: GcInput): Promise<number> {
  const { own, maxBytes } = cacheOf(world, { cache: options.cache });
  const out = resolve(world.cwd, options.out);
  // With only --keep-days, one version of each role stays, however old it is.
  const keepVersions = versionsOf(options.keepVersions) ?? (options.keepDays === undefined ? undefined : 1);
  const freedHere = await garbageCollect(world.host, {
    cache: own ?? '',
    maxBytes: options.maxSize === undefined ? maxBytes : parseSize(options.maxSize, '--max-size'),
    keepVersions,
    ...(keepVersions === undefined ? {} : { spared: await sparedVersions(world, out, options) }),
    ...{ out, dev: options.dev },
    dryRun: options.dryRun,
  });
  const { cache, versions, left } = freedHere;
  const freed = options.dryRun ? 'would be freed' : 'freed';
  if (options.json) world.out(jsonText<typeof gcShape>(gcDocument(own ?? '', options.dryRun, freedHere)));
  else {
    world.out(
      `${own ?? ''}: ${cache.entries} stages and ${cache.objects} files, ${sizeText(cache.freedBytes)} ${freed}; ${sizeText(cache.leftBytes)} remain\n`,
    );
    for (const { folder, bytes } of versions) world.out(`${folder}: ${sizeText(bytes)} ${freed}\n`);
  }
  for (const line of left) world.err(`${line}\n`);
  return exitCodes.done;
}
