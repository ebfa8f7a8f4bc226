import { writeFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { reportText } from '../../diff/report-text.ts';
import { driftFleet, readInventory } from '../../fleet/drift-fleet.ts';
import { knownRootsOf, seedDigest } from '../../fleet/fleet-golden.ts';
import { countOf, type FleetResult } from '../../fleet/fleet-result.ts';
import { fleetJson } from '../../fleet/report/fleet-json.ts';
import { fleetJunit } from '../../fleet/report/fleet-junit.ts';
import { fleetReport } from '../../fleet/report/fleet-report.ts';
import { querySource } from '../../fleet/sources/query-source.ts';
import { exitCodes } from '../../host/ingot-error.ts';
import { writeWholeFile } from '../../host/write-whole-file.ts';
import { withProgress } from '../progress/progress.ts';
import type { World } from '../world.ts';
import { namedByStore } from './named-by-store.ts';
import type { DriftInput } from './options.ts';

const pauseMs = 1000;
const differing = ['revoked', 'drifted', 'wrong version', 'other seed', 'other boot'] as const;

/** 3 if a node is known to differ; else 1 if the state of some node is not known; else 0. */
function exitOf(result: FleetResult): number {
  if (differing.some((state) => countOf(result, state) > 0)) return exitCodes.difference;
  // Before the wave reaches them, nodes are as they should be.
  return countOf(result, 'golden') + countOf(result, 'behind') === result.nodes
    ? exitCodes.done
    : exitCodes.failed;
}

/** Writes the HTML report: completely, or not at all. */
async function writeHtml(file: string, result: FleetResult, all: boolean): Promise<void> {
  const { fleetPage } = await import('../../report/fleet/fleet-page.tsx');
  await writeWholeFile(file, fleetPage(result, all));
}

/** ingot drift: reports how the nodes of an inventory differ from their golden image. */
export async function drift(world: World, options: DriftInput): Promise<number> {
  const { host, signal, cwd } = world;
  const out = resolve(cwd, options.out ?? 'out');
  const nodes = await readInventory(resolve(cwd, options.inventory));
  const { golden, revoked, rollout } = await namedByStore(world, out, options, nodes);
  const seeds = await Promise.all(options.seed.map((file) => seedDigest(resolve(cwd, file))));
  const knownRoots = await knownRootsOf(out);
  const query = querySource({
    configFile: options.sshConfig === undefined ? undefined : resolve(cwd, options.sshConfig),
    last: options.last,
    timeoutMs: options.timeout * 1000,
    env: world.env,
  });
  const result = await withProgress({ stream: world.stream, now: () => host.now() }, (progress) =>
    driftFleet(
      host,
      {
        ...{
          nodes,
          golden,
          revoked,
          rollout,
          seeds,
          knownRoots,
          query,
          out,
          signal,
          parallel: options.parallel,
        },
        retry: { retries: options.retries, pauseMs },
        maxAgeMs: options.maxAge * 1000,
      },
      progress,
    ),
  );
  const report = fleetReport(result, options.all);
  world.out(options.json ? fleetJson(result) : reportText(report));
  if (options.junit !== undefined) await writeFile(resolve(cwd, options.junit), fleetJunit(result));
  if (options.html !== undefined) await writeHtml(resolve(cwd, options.html), result, options.all);
  return exitOf(result);
}
