import { bakeImages, requireForBake } from '../../bake/bake.ts';
import { type CacheFolders, finishCaches } from '../../bake/bake-caches.ts';
import { resultTable } from '../../bake/result-table.ts';
import type { UpToDateRequest } from '../../bake/up-to-date-bake.ts';
import { exitCodes } from '../../host/ingot-error.ts';
import { peakMemoryBytes } from '../../host/peak-memory.ts';
import { lockFileOf } from '../../inputs/lock-file-of.ts';
import { withPlaces } from '../../inputs/with-places.ts';
import type { Signer } from '../../version/signer.ts';
import { withBakeProgress } from '../progress/bake-progress.ts';
import { poolOf } from '../shared/pool-of.ts';
import { writeReports } from '../shared/write-reports.ts';
import type { World } from '../world.ts';
import { hostBudget } from './host-budget.ts';
import type { BakeInput } from './options.ts';
import { prepareBake } from './prepare-bake.ts';
import { foldersText } from './text.ts';

/** The caches of a bake, and the keys that it signs with. */
export interface BakeSettings {
  readonly caches: CacheFolders;
  /** Signs the versions. */
  readonly signingKey: Signer | undefined;
  /** Signs the seed of the boot test. */
  readonly seedKey: Signer | undefined;
}

/** Runs a bake that has something to do, shows its progress, and prints the folder of each image on stdout. */
export async function runBake(
  world: World,
  options: BakeInput,
  request: UpToDateRequest,
  { caches, signingKey, seedKey }: BakeSettings,
): Promise<number> {
  const { host } = world;
  const { read, specFile, roles, out } = request;
  const accelerator = world.env['INGOT_ACCEL'];
  await requireForBake({ roles, out, accelerator, seedKey, prepareOnly: options.prepare }, read.plan);
  const { quiet, verbose } = options;
  const result = await withBakeProgress(
    { stream: world.stream, quiet, verbose, now: () => host.now(), cache: caches.own },
    async (progress, watch) => {
      const prepared = await prepareBake(world, options, request, { caches, progress, watch });
      const { cache, stages, made, say } = prepared;
      const images = await withPlaces(specFile, () =>
        bakeImages(
          host,
          { ...prepared.request, budget: hostBudget(options, false) },
          { cache, stages, signingKey, seedKey },
          progress,
        ),
      );
      await finishCaches(host, caches, stages, say);
      if (images.images.length > 0)
        await progress.stage('report', async () => {
          const store = { out, pool: poolOf(world, options.pool) };
          for (const line of await writeReports(host, store, images.images)) say(line);
        });
      return { ...images, made };
    },
  );
  if (!quiet && result.made)
    world.err(`${lockFileOf(specFile)} was created: the next bake uses the same packages\n`);
  if (!quiet) world.err(resultTable(result, peakMemoryBytes()));
  const baked = [
    ...result.images.map((image) => ({ ...image, published: true })),
    ...result.unchanged.map((image) => ({ ...image, published: false })),
  ];
  const inOrder = roles.flatMap((role) => baked.find((image) => image.role === role) ?? []);
  world.out(foldersText(inOrder, options.json));
  return exitCodes.done;
}
