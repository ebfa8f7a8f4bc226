import { bakeImages, requireForBake } from '../../bake/bake.ts';
import { type CacheFolders, finishCaches, openCache } from '../../bake/bake-caches.ts';
import { bakeStagesOf } from '../../bake/bake-stages-of.ts';
import { resultTable } from '../../bake/result-table.ts';
import type { UpToDateRequest } from '../../bake/up-to-date-bake.ts';
import { exitCodes } from '../../host/ingot-error.ts';
import { peakMemoryBytes } from '../../host/peak-memory.ts';
import { lockFileOf } from '../../inputs/lock-file-of.ts';
import { fillPoolFor, planWithLock } from '../../inputs/locked-plan.ts';
import { withPlaces } from '../../inputs/with-places.ts';
import type { Signer } from '../../version/signer.ts';
import { withBakeProgress } from '../progress/bake-progress.ts';
import { showBake } from '../progress/bake-stages.ts';
import { poolOf } from '../shared/pool-of.ts';
import { writeReports } from '../shared/write-reports.ts';
import type { World } from '../world.ts';
import { holdUntilInterrupted } from './hold.ts';
import type { BakeInput } from './options.ts';
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
  { read, specFile, roles, out }: UpToDateRequest,
  { caches, signingKey, seedKey }: BakeSettings,
): Promise<number> {
  const { host, signal } = world;
  const accelerator = world.env['INGOT_ACCEL'];
  const prepareOnly = options.prepare;
  await requireForBake({ roles, out, accelerator, seedKey, prepareOnly }, read.plan);
  const pool = poolOf(world, options.pool);
  const mayLock = !options.locked;
  const locking = { read, specFile, pool, offline: options.offline, mayLock, signal };
  const { quiet, verbose } = options;
  const result = await withBakeProgress(
    { stream: world.stream, quiet, verbose, now: () => host.now(), cache: caches.own },
    async (progress, reports) => {
      const { plan, locked, made } = await progress.stage('lock', (stage) =>
        planWithLock(host, locking, stage),
      );
      const stages = await bakeStagesOf({ plan, lock: locked.lock, roles, out });
      const say = (line: string) => {
        progress.begin(line).end('done');
      };
      const cache = openCache(host, caches, say);
      const fillPool: Parameters<typeof bakeImages>[1]['fillPool'] = (groups, stage) =>
        fillPoolFor(host, locking, { lock: locked.lock, groups }, stage);
      const { specSha256 } = read;
      // Also with --quiet: otherwise nobody would know why the bake does not end.
      const sayHeld = quiet
        ? (line: string) => {
            world.err(`${line}\n`);
          }
        : say;
      const watch = options.keepOnFailure
        ? { ...reports, hold: holdUntilInterrupted(signal, sayHeld) }
        : reports;
      const request = {
        ...{ plan, specSha256, locked, fillPool, roles, out, accelerator, signal },
        ...{ showBake, watch, prepareOnly },
      };
      const images = await withPlaces(specFile, () =>
        bakeImages(host, request, { cache, stages, signingKey, seedKey }, progress),
      );
      await finishCaches(host, caches, stages, say);
      if (images.images.length > 0)
        await progress.stage('report', async () => {
          for (const line of await writeReports(host, { out, pool }, images.images)) say(line);
        });
      return { ...images, made };
    },
  );
  if (!options.quiet && result.made)
    world.err(`${lockFileOf(specFile)} was created: the next bake uses the same packages\n`);
  if (!options.quiet) world.err(resultTable(result, peakMemoryBytes()));
  const baked = [
    ...result.images.map((image) => ({ ...image, published: true })),
    ...result.unchanged.map((image) => ({ ...image, published: false })),
  ];
  const inOrder = roles.flatMap((role) => baked.find((image) => image.role === role) ?? []);
  world.out(foldersText(inOrder, options.json));
  return exitCodes.done;
}
