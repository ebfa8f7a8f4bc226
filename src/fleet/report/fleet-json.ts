import { countOf, explanationFor, type FleetResult, isSelfReported } from '../fleet-result.ts';
import { nodeStates } from '../judge-fleet.ts';

/**
 * The whole result as JSON, in ASCII, so that text from a node cannot affect a terminal on which somebody views the
 * file.
 */
export function fleetJson(result: FleetResult): string {
  const { nodes, at, golden, seed, groups } = result;
  const value = {
    schema: 2,
    at: new Date(at).toISOString(),
    nodes,
    golden: [...golden].map(([role, { version, rootHash, from }]) => ({
      ...{ role, version, rootHash: rootHash ?? null, from: from.kind },
      ...(from.kind === 'majority' ? { nodes: from.nodes, of: from.of } : {}),
    })),
    seed:
      seed === undefined
        ? null
        : seed.kind === 'asked for'
          ? { from: seed.kind, digests: seed.digests }
          : { from: seed.kind, digests: [seed.digest], nodes: seed.nodes, of: seed.of },
    counts: Object.fromEntries(nodeStates.map((state) => [state, countOf(result, state)])),
    groups: groups.map((group) => {
      const { state, label, why, head } = group;
      const explanation = explanationFor(result, group);
      return {
        state,
        ...(label === undefined ? {} : { label }),
        ...(why === undefined ? {} : { why }),
        ...(head === undefined
          ? {}
          : {
              ...{ role: head.role, version: head.version, rootHash: head.rootHash },
              ...{ seed: head.seed ?? null, boot: head.boot ?? null },
              ...{ digest: head.digest, drift: head.drift, selfReported: isSelfReported(group) },
            }),
        nodes: group.nodes,
        ...(explanation === undefined ? {} : { explanation }),
      };
    }),
  };
  const text = JSON.stringify(value, null, 2);
  return `${text.replace(/[\u007f-\uffff]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`)}\n`;
}
