import { bakeImages, requireForBake } from '../../bake/bake.ts';
import { finishCaches } from '../../bake/bake-caches.ts';
import type { BakeResult } from '../../bake/bake-result.ts';
import { StageClaims } from '../../bake/cache/stage-claims.ts';
import type { BakeStages } from '../../bake/keys/bake-stages.ts';
import { signIfUnsigned } from '../../bake/publish/sign-images.ts';
import { buildBytes } from '../../bake/require-for-build.ts';
import { resultTable } from '../../bake/result-table.ts';
import type { Budget } from '../../host/budget.ts';
import { requireSpace } from '../../host/free-space.ts';
import { exitCodes } from '../../host/ingot-error.ts';
import { peakMemoryBytes } from '../../host/peak-memory.ts';
import { withPlaces } from '../../inputs/with-places.ts';
import { withBakeProgress } from '../progress/bake-progress.ts';
import { chooseView } from '../progress/progress.ts';
import type { ProgressView } from '../progress/progress-view.ts';
import { viewBelow } from '../progress/view-below.ts';
import { poolOf } from '../shared/pool-of.ts';
import { writeReports } from '../shared/write-reports.ts';
import type { World } from '../world.ts';
import { type ClusterResult, clustersText, failedCluster, worstExit } from './cluster-results.ts';
import { hostBudget } from './host-budget.ts';
import type { BakeInput } from './options.ts';
import { prepareBake } from './prepare-bake.ts';
import type { BakeSettings } from './run-bake.ts';
import { type ClusterBake, upToDateClusters } from './several-specs.ts';

/** What the bakes of one call have in common. */
interface Together extends BakeSettings {
  readonly view: ProgressView;
  readonly budget: Budget | undefined;
  readonly claims: StageClaims;
}

/** Bakes one of the clusters below a line of its own. */
async function bakeCluster(
  world: World,
  options: BakeInput,
  one: ClusterBake,
  { view, budget, claims, caches, signingKey, seedKey }: Together,
): Promise<{ readonly result: BakeResult; readonly stages: BakeStages }> {
  const { host, signal } = world;
  const now = () => host.now();
  const top = { title: one.cluster, parent: undefined, begunAt: now() };
  const turn = claims.turn(signal);
  const shown = viewBelow(view, top);
  view.begins(top);
  let ended: 'done' | 'failed' = 'failed';
  try {
    const made = await withBakeProgress(
      { stream: world.stream, now, cache: caches.own, shown },
      async (progress, watch) => {
        const prepared = await prepareBake(world, options, one, { caches, progress, watch });
        const { cache, stages, say } = prepared;
        const request = { ...prepared.request, budget, turn };
        const result = await withPlaces(one.specFile, () =>
          bakeImages(host, request, { cache, stages, signingKey, seedKey }, progress),
        );
        if (result.images.length > 0)
          await progress.stage('report', async () => {
            const store = { out: one.out, pool: poolOf(world, options.pool) };
            for (const line of await writeReports(host, store, result.images)) say(line);
          });
        return { result, stages };
      },
    );
    ended = 'done';
    return made;
  } finally {
    turn.release();
    view.ends(top, ended, (now() - top.begunAt) / 1000);
  }
}

async function requireCluster(
  world: World,
  { prepare: prepareOnly }: BakeInput,
  { roles, out, read }: ClusterBake,
  { seedKey }: BakeSettings,
): Promise<void> {
  await requireForBake(
    { roles, out, accelerator: world.env['INGOT_ACCEL'], seedKey, prepareOnly },
    read.plan,
  );
}

/** All stores are below one folder, and so on one file system. */
async function requireSpaceFor(open: readonly ClusterBake[]): Promise<void> {
  const [first] = open;
  const count = open.reduce((sum, { roles }) => sum + roles.length, 0);
  if (first !== undefined) await requireSpace(first.out, buildBytes(count));
}

const doneCluster = (
  { cluster, specFile: spec, out }: ClusterBake,
  images: ClusterResult['images'],
): ClusterResult => ({
  ...{ cluster, spec, out, status: 'done', exit: exitCodes.done, images },
});

/** One line for each cluster, after everything else. */
const summary = ({ cluster, status, images }: ClusterResult): string => {
  const versions = images.map(
    ({ role, version, published }) => `${role} ${version}${published ? '' : ', unchanged'}`,
  );
  return `${cluster}: ${status === 'done' ? versions.join('; ') : 'failed'}\n`;
};

/**
 * Bakes several clusters at once. Stages that are the same in several are made once; all together take what the budget
 * allows. One that fails stops none of the others.
 * @returns the highest exit status
 */
export async function runSeveral(
  world: World,
  options: BakeInput,
  clusters: readonly ClusterBake[],
  settings: BakeSettings,
): Promise<number> {
  const { host, stream } = world;
  const { quiet, verbose } = options;
  const { caches, signingKey } = settings;
  const budget = hostBudget(options, true);
  const { unchanged, open } =
    caches.own === undefined ? { unchanged: [], open: clusters } : await upToDateClusters(clusters);
  for (const one of open) await requireCluster(world, options, one, settings);
  await requireSpaceFor(open);
  const results = unchanged.map((one) =>
    doneCluster(
      one,
      one.images.map((image) => ({ ...image, published: false })),
    ),
  );
  for (const { images } of unchanged)
    for (const { folder } of signingKey === undefined ? [] : images)
      if (await signIfUnsigned(host, folder, signingKey)) world.err(`${folder}: signed\n`);
  const view = await chooseView({ stream, quiet, verbose, now: () => host.now() });
  const together = { ...settings, view, budget, claims: new StageClaims() };
  await view.open();
  const settled = await Promise.allSettled(
    open.map((one) => bakeCluster(world, options, one, together)),
  ).finally(() => {
    view.close();
  });
  for (const [index, one] of open.entries()) {
    const end = settled[index];
    if (end === undefined) continue;
    if (end.status === 'rejected') {
      results.push(await failedCluster(world, options, one, end.reason));
      continue;
    }
    const { result } = end.value;
    if (!quiet) world.err(`\n${one.cluster}${resultTable(result, peakMemoryBytes())}`);
    results.push(
      doneCluster(one, [
        ...result.images.map((image) => ({ ...image, published: true })),
        ...result.unchanged.map((image) => ({ ...image, published: false })),
      ]),
    );
  }
  const stages = [
    ...unchanged,
    ...settled.flatMap((one) => (one.status === 'fulfilled' ? [one.value] : [])),
  ].map((one) => one.stages);
  for (const one of stages)
    await finishCaches(host, caches, one, (line) => {
      world.err(`${line}\n`);
    });
  const inOrder = clusters.flatMap(({ cluster }) => results.find((one) => one.cluster === cluster) ?? []);
  if (!quiet) for (const one of inOrder) world.err(summary(one));
  world.out(clustersText(inOrder, options.json));
  return worstExit(inOrder);
}
