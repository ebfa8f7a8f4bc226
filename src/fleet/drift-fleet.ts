import { setMaxListeners } from 'node:events';
import { readdirSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { basename, dirname } from 'node:path';
import type { Revocation } from '../channel/revocation-list.ts';
import type { Host } from '../host/host.ts';
import { IngotError } from '../host/ingot-error.ts';
import type { ProgressStage } from '../host/progress-stage.ts';
import { type CompleteAnswer, readCompleteAnswer, readHead } from './answer/read-answer.ts';
import { driftOrigins } from './drift-origins.ts';
import { explainGroups, maxExplainedGroups } from './explain-fleet.ts';
import { type Explanation, explanationOf } from './explanation.ts';
import type { NodeAnswer } from './fleet-answer.ts';
import type { FleetResult } from './fleet-result.ts';
import type { GoldenByRole } from './golden.ts';
import type { FleetNode } from './inventory/fleet-node.ts';
import { fleetNodes } from './inventory/fleet-nodes.ts';
import { parseInventory } from './inventory/parse-inventory.ts';
import { isExplained, judgeFleet, type Judgement, type RunningRollout } from './judge-fleet.ts';
import { forEachParallel, type QueryFailure, queryNode, type RetryOptions } from './query-node.ts';
import { headKey, SharedHeads } from './shared-heads.ts';
import type { NodeQuery } from './sources/node-query.ts';

export interface FleetRequest {
  readonly nodes: readonly FleetNode[];
  readonly golden: GoldenByRole;
  /** SHA-256 of the seeds that the nodes should run; default: the seed that most of them run. */
  readonly seeds?: readonly string[];
  /** A rollout by waves, if one is on its way. */
  readonly rollout?: RunningRollout | undefined;
  /** Versions that must not run any more. */
  readonly revoked?: readonly Revocation[];
  /** ROLE/VERSION of the store → root hash. */
  readonly knownRoots?: ReadonlyMap<string, string>;
  readonly query: NodeQuery;
  readonly retry: RetryOptions;
  /** The number of nodes that are checked at once. */
  readonly parallel: number;
  readonly maxAgeMs: number;
  /** Absolute folder of the store, used to find where a path came from. */
  readonly out: string;
  readonly signal: AbortSignal;
}

const folderProblem = (folder: string, cause: unknown): IngotError =>
  new IngotError({
    code: 'wrong-inventory',
    message: `the inventory names the folder ${folder}, which cannot be read`,
    excerpt: cause instanceof Error ? [cause.message] : [],
    hint: 'relative folders are relative to the folder of the inventory',
    cause,
  });

/**
 * Reads an inventory.
 * @param file absolute
 * @throws IngotError wrong-inventory with all its errors
 */
export async function readInventory(file: string): Promise<FleetNode[]> {
  const text = await readFile(file, 'utf8').catch((cause: unknown) => {
    const hint = 'examples/fleet has an example';
    throw new IngotError({ code: 'wrong-inventory', message: `${file} cannot be read`, hint, cause });
  });
  return fleetNodes(parseInventory(text, basename(file)), dirname(file), (folder) => {
    try {
      return readdirSync(folder);
    } catch (error) {
      throw folderProblem(folder, error);
    }
  });
}

/**
 * Reads the first line of every node's answer, groups equal answers, and reads the complete answer of one node per
 * drift.
 * Memory does not grow with the output of the nodes: for each node only a reference to one of the distinct answers is
 * kept.
 */
export async function driftFleet(
  host: Host,
  request: FleetRequest,
  progress: ProgressStage,
): Promise<FleetResult> {
  const { nodes, query, retry, parallel, signal } = request;
  // Each node that is checked adds a listener to the signal.
  setMaxListeners(parallel * 2 + 10, signal);
  const heads = new SharedHeads();
  const answers = new Map<string, NodeAnswer>();
  const byName = new Map(nodes.map((node) => [node.name, node]));
  const keep = (name: string, answer: { readonly head: CompleteAnswer['head'] } | QueryFailure): void => {
    answers.set(
      name,
      'head' in answer
        ? { kind: 'answered', head: heads.share(answer.head), when: answer.head.when }
        : answer,
    );
  };
  await progress.stage(`check ${nodes.length} nodes`, async (stage) => {
    await forEachParallel(nodes, parallel, async (node) => {
      keep(node.name, await queryNode(query, node, readHead, { ...retry, signal }));
      stage.note(`${answers.size} of ${nodes.length} checked`);
    });
  });
  const judge = (): Judgement =>
    judgeFleet(
      nodes.map(({ name, role }) => ({
        ...{ name, role },
        answer: answers.get(name) ?? { kind: 'unreachable', why: 'it was not checked' },
      })),
      {
        golden: request.golden,
        seeds: request.seeds ?? [],
        knownRoots: request.knownRoots ?? new Map(),
        revoked: request.revoked ?? [],
        rollout: request.rollout,
        now: host.now(),
        maxAgeMs: request.maxAgeMs,
      },
    );
  const first = judge();
  const drifting = first.groups.filter(isExplained);
  if (drifting.length === 0)
    return { ...first, nodes: nodes.length, at: host.now(), explanations: new Map() };
  return progress.stage(`explain ${Math.min(drifting.length, maxExplainedGroups)} drifts`, async () => {
    const { parts, newer } = await explainGroups(drifting, {
      parallel,
      whole: async (name) => {
        const node = byName.get(name);
        if (node === undefined) throw new Error(`${name} is not a node of the inventory`);
        return queryNode(query, node, readCompleteAnswer, { ...retry, signal });
      },
    });
    for (const [name, answer] of newer) keep(name, answer);
    const judged = newer.size === 0 ? first : judge();
    const shared = judged.groups.filter(isExplained).map(({ head }) => head);
    const origins = await driftOrigins(host, shared, parts, request.out);
    const explanations = new Map<string, Explanation>();
    for (const head of shared) {
      const explanation = explanationOf(head, parts, origins(head));
      if (explanation !== undefined) explanations.set(headKey(head), explanation);
    }
    return { ...judged, nodes: nodes.length, at: host.now(), explanations };
  });
}
