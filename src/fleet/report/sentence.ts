import { numberText } from '../../host/count-text.ts';
import { allRoles } from '../../inputs/plan/plan.ts';
import type { FleetResult } from '../fleet-result.ts';
import { countOf } from '../fleet-result.ts';
import type { GoldenByRole } from '../golden.ts';
import type { NodeGroup } from '../judge-fleet.ts';
import type { ExpectedSeed } from '../peers.ts';
import { nodeText } from './node-text.ts';

const sizeOf = (groups: readonly NodeGroup[]): number =>
  groups.reduce((sum, { nodes }) => sum + nodes.length, 0);

const maxNamed = 5;

/** The fleet in one line: "4,997 of golden slave 20261122-3f2a…; 2 share drift A; 1 unreachable". */
export function fleetSentence(result: FleetResult): string {
  const { groups, golden } = result;
  const parts: string[] = [];
  for (const role of allRoles) {
    const own = groups.filter(({ state, head }) => state === 'golden' && head?.role === role);
    const version = golden.get(role)?.version;
    if (own.length > 0 && version !== undefined)
      parts.push(`${numberText(sizeOf(own))} of golden ${role} ${nodeText(version)}`);
  }
  const drifted = groups.filter(({ state }) => state === 'drifted');
  for (const { nodes, label = '' } of drifted.slice(0, maxNamed))
    parts.push(`${numberText(nodes.length)} ${nodes.length === 1 ? 'has' : 'share'} drift ${label}`);
  const others = drifted.slice(maxNamed);
  if (others.length > 0)
    parts.push(`${numberText(sizeOf(others))} have one of ${numberText(others.length)} other drifts`);
  const count = (state: NodeGroup['state'], text: string): void => {
    const number = countOf(result, state);
    if (number > 0) parts.push(`${numberText(number)} ${text}`);
  };
  count('behind', 'behind a rollout');
  count('revoked', 'with a REVOKED version');
  count('wrong version', 'of a wrong version');
  count('other seed', 'with another seed');
  count('other boot', 'with another boot partition');
  count('stale', 'stale');
  count('unreachable', 'unreachable');
  count('partial', 'with an incomplete answer');
  return parts.join('; ');
}

/** What determines the golden version, one line per role. */
export function goldenLines({ golden, seed, groups }: FleetResult): string[] {
  const old = sizeOf(groups.filter(({ head }) => head?.schema === 1));
  return [
    ...rootLines(golden),
    ...(seed === undefined ? [] : [seedLine(seed)]),
    ...(old === 0
      ? []
      : [
          `${numberText(old)} answered with the ingot-drift of an older image: their seed and boot partition are not compared`,
        ]),
  ];
}

function seedLine(seed: ExpectedSeed): string {
  if (seed.kind === 'asked for')
    return `seed: ${seed.digests.map((one) => one.slice(0, 12)).join(', ')}, as asked for`;
  const { digest, nodes, of } = seed;
  return `seed: ${digest.slice(0, 12)} BY MAJORITY ONLY, ${numberText(nodes)} of ${numberText(of)}: --seed names none`;
}

function rootLines(golden: GoldenByRole): string[] {
  return [...golden].map(([role, { version, from }]) => {
    const name = `golden ${role}: ${nodeText(version)}`;
    switch (from.kind) {
      case 'store':
        return `${name}, the latest of the store`;
      case 'asked for':
        return `${name}, as asked for`;
      case 'majority':
        return `${name} BY MAJORITY ONLY, ${numberText(from.nodes)} of ${numberText(from.of)} that answered: neither --out nor --expect names one`;
    }
  });
}
