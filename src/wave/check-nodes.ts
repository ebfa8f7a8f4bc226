import type { PointedVersions } from '../channel/channel-pointer.ts';
import type { Revocation } from '../channel/revocation-list.ts';
import { driftFleet } from '../fleet/drift-fleet.ts';
import type { Golden } from '../fleet/golden.ts';
import { forEachParallel } from '../fleet/query-node.ts';
import { allRoles, type Role } from '../inputs/roles.ts';
import { healthProblems, nodeHealth } from './node-health.ts';
import type { WaveNode } from './wave-share.ts';
import type { WaveTools } from './wave-tools.ts';

const maxAgeMs = 10 * 60_000;

function goldenOfWave(versions: PointedVersions): Map<Role, Golden> {
  const golden = new Map<Role, Golden>();
  for (const role of allRoles) {
    const one = versions[role];
    if (one !== undefined) golden.set(role, { ...one, from: { kind: 'asked for' } });
  }
  return golden;
}

async function driftProblems(
  nodes: readonly WaveNode[],
  versions: PointedVersions,
  tools: WaveTools,
): Promise<string[]> {
  const { host, out, query, parallel, signal, progress } = tools;
  const { groups } = await driftFleet(
    host,
    {
      ...{ nodes, golden: goldenOfWave(versions), query, parallel, signal, out, maxAgeMs },
      retry: { retries: 2, pauseMs: 1000 },
      revoked: [] satisfies Revocation[],
    },
    progress,
  );
  return groups
    .filter(({ state }) => state !== 'golden')
    .flatMap(({ state, why, head, nodes: names }) => {
      const drift =
        head === undefined || head.drift === 0 ? '' : `, ${head.drift} drifts (ingot drift shows them)`;
      return names.map((name) => `${name}: ${state}${why === undefined ? '' : `, ${why}`}${drift}`);
    });
}

/**
 * What is wrong with nodes that are to run versions: drift, another version, no answer, or bad health. The health of
 * nodes that are not reached over ssh is not known and not asked for.
 * @returns one line for each problem; empty if all is well
 */
export async function waveProblems(
  nodes: readonly WaveNode[],
  versions: PointedVersions,
  tools: WaveTools,
): Promise<string[]> {
  if (nodes.length === 0) return [];
  const drifted = await driftProblems(nodes, versions, tools);
  const unhealthy: string[] = [];
  const reached = nodes.filter(({ source }) => source.kind === 'ssh');
  await tools.progress.stage(`health of ${reached.length} nodes`, () =>
    forEachParallel(reached, tools.parallel, async (node) => {
      unhealthy.push(...healthProblems(node, await nodeHealth(tools, node)));
    }),
  );
  return [...drifted, ...unhealthy.sort()];
}
