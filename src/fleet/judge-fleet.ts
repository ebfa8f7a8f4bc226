import { type Revocation, revocationOf } from '../channel/revocation-list.ts';
import { isRole, type Role } from '../inputs/roles.ts';
import type { SharedHead } from './answer/head.ts';
import type { NodeAnswer } from './fleet-answer.ts';
import { type CountedHeads, type Golden, type GoldenByRole, withMajority } from './golden.ts';
import { type ExpectedSeed, otherBoot, otherSeed, type Peers, peersOf } from './peers.ts';
import { headKey, sharedKey } from './shared-heads.ts';

export const nodeStates = [
  'golden',
  'behind',
  'revoked',
  'drifted',
  'wrong version',
  'other seed',
  'other boot',
  'stale',
  'unreachable',
  'partial',
] as const;
export type NodeState = (typeof nodeStates)[number];

/** Nodes with the same result. */
export interface NodeGroup {
  readonly state: NodeState;
  /** "A", "B", … for nodes that drift; equal drift has one name. */
  readonly label?: string;
  /** Sorted. */
  readonly nodes: readonly string[];
  /** Their answer; undefined if they did not answer. */
  readonly head?: SharedHead;
  /** What is wrong with them besides drift, in one line. */
  readonly why?: string;
}

export interface Judgement {
  readonly golden: GoldenByRole;
  /** Undefined if no node reports its seed and none was named. */
  readonly seed: ExpectedSeed | undefined;
  /** By state, and within a state by size, largest first. */
  readonly groups: readonly NodeGroup[];
}

/** A node of the inventory with its answer. */
export interface AnsweredNode {
  readonly name: string;
  /** The role that the inventory gives the node. */
  readonly role: Role | undefined;
  readonly answer: NodeAnswer;
}

export interface JudgeOptions {
  /** The known golden versions; for other roles the version that most nodes run. */
  readonly golden: GoldenByRole;
  /** SHA-256 of the named seeds, one for each cluster; default: the seed that most nodes run. */
  readonly seeds?: readonly string[];
  /** ROLE/VERSION of the store → root hash. */
  readonly knownRoots?: ReadonlyMap<string, string>;
  /** A rollout by waves, if one is on its way; `golden` has its new versions. */
  readonly rollout?: RunningRollout | undefined;
  /** Versions that must not run any more. */
  readonly revoked?: readonly Revocation[];
  /** Milliseconds since 1970. */
  readonly now: number;
  /** The maximum age of an answer in milliseconds. */
  readonly maxAgeMs: number;
}

/** A rollout that has reached a share of the fleet. */
export interface RunningRollout {
  /** The share of the running wave, in percent. */
  readonly percent: number;
  /** What the nodes run that it has not reached. */
  readonly before: GoldenByRole;
  /** Names of the nodes of the waves before the running one, which must have the new version. */
  readonly done: ReadonlySet<string>;
}

/** An answer is not trusted if its clock is ahead of ours by more than this. */
const aheadMs = 5 * 60_000;

/** A duration as text for people: "12 min", "3 h", "2 d". */
function durationText(milliseconds: number): string {
  const minutes = Math.round(milliseconds / 60_000);
  if (minutes < 120) return `${minutes} min`;
  return minutes < 48 * 60 ? `${Math.round(minutes / 60)} h` : `${Math.round(minutes / 60 / 24)} d`;
}

/** Why a node does not run the golden version of its role; undefined if it does. */
function wrongVersion(
  head: SharedHead,
  wanted: Role | undefined,
  golden: Golden | undefined,
): string | undefined {
  const { role, version, rootHash } = head;
  if (!isRole(role)) return 'its role is not one that ingot bakes';
  if (wanted !== undefined && wanted !== role) return `it is a ${role}, but a ${wanted} in the inventory`;
  if (golden === undefined) return 'no golden version of its role is known';
  if (version === null) return 'no version is named on its kernel command line';
  if (version !== golden.version) return `it runs ${version} instead of ${golden.version}`;
  if (golden.rootHash !== undefined && rootHash !== golden.rootHash)
    return `its version is ${version}, but its root hash differs`;
  return undefined;
}

/** Compares names of nodes by their numbers: node2 before node10. */
export const byName = new Intl.Collator('en', { numeric: true }).compare;

interface Growing {
  readonly state: NodeState;
  readonly head?: SharedHead;
  readonly why?: string;
  readonly nodes: string[];
}

const isStale = (when: number, { now, maxAgeMs }: JudgeOptions): boolean =>
  now - when > maxAgeMs || when - now > aheadMs;

/** Judges every node and groups nodes with the same result. The order of the nodes does not matter. */
export function judgeFleet(nodes: Iterable<AnsweredNode>, around: JudgeOptions): Judgement {
  const all = [...nodes];
  const heads = [...countedHeads(all, around)];
  const golden = withMajority(around.golden, heads);
  const peers = peersOf(heads, around.seeds ?? [], around.knownRoots ?? new Map());
  const groups = new Map<string, Growing>();
  const times = new Map<string, { oldest: number; newest: number }>();
  const put = (key: string, name: string, group: Omit<Growing, 'nodes'>): void => {
    const known = groups.get(key) ?? { ...group, nodes: [] };
    groups.set(key, known);
    known.nodes.push(name);
  };
  for (const { name, role, answer } of all) {
    if (answer.kind !== 'answered') {
      put(`${answer.kind} ${answer.why}`, name, { state: answer.kind, why: answer.why });
      continue;
    }
    const { head, when } = answer;
    if (isStale(when, around)) {
      const key = `stale ${headKey(head)}`;
      const { oldest, newest } = times.get(key) ?? { oldest: when, newest: when };
      times.set(key, { oldest: Math.min(oldest, when), newest: Math.max(newest, when) });
      put(key, name, { state: 'stale', head });
      continue;
    }
    const { revoked = [], rollout } = around;
    const found = stateOf({ name, role, head }, { golden, peers, revoked, rollout });
    put(`${found.state} ${found.why ?? ''} ${headKey(head)}`, name, { ...found, head });
  }
  const found = [...groups].map(([key, group]): NodeGroup => {
    const time = times.get(key);
    const nodesSorted = group.nodes.sort(byName);
    return time === undefined
      ? { ...group, nodes: nodesSorted }
      : { ...group, nodes: nodesSorted, why: staleText(time, around.now) };
  });
  return { golden, seed: peers.seed, groups: labelled(found.sort(inOrder)) };
}

/** Why a node runs a version that was revoked; undefined if it does not. */
function revokedText(
  { role, version, rootHash }: SharedHead,
  revoked: readonly Revocation[],
): string | undefined {
  const found = revocationOf(revoked, {
    ...{ role, version: version ?? '' },
    ...(rootHash === null ? {} : { rootHash }),
  });
  return found === undefined
    ? undefined
    : `it runs ${found.version}, which was revoked on ${found.on.slice(0, 10)}: ${found.why}`;
}

/** Why a node still runs what it ran before a rollout, as it may; undefined if it must not, or runs something else. */
function behindText(
  { name, role, head }: Pick<AnsweredNode, 'name' | 'role'> & { readonly head: SharedHead },
  rollout: RunningRollout | undefined,
  wanted: Golden | undefined,
): string | undefined {
  const before = isRole(head.role) ? rollout?.before.get(head.role) : undefined;
  if (rollout === undefined || before === undefined || wanted === undefined) return undefined;
  if (rollout.done.has(name) || wrongVersion(head, role, before) !== undefined) return undefined;
  return `it runs ${before.version}, and the rollout of ${wanted.version} (${rollout.percent} %) has not reached it`;
}

/**
 * The state of a node that answered in time. The gravest problem determines the state; `why` lists all problems except
 * drift.
 */
function stateOf(
  { name, role, head }: Pick<AnsweredNode, 'name' | 'role'> & { readonly head: SharedHead },
  around: Pick<JudgeOptions, 'golden' | 'rollout'> & { peers: Peers; revoked: readonly Revocation[] },
): { readonly state: NodeState; readonly why?: string } {
  const { golden, peers, revoked } = around;
  const ofRole = (versions: GoldenByRole | undefined): Golden | undefined =>
    isRole(head.role) ? versions?.get(head.role) : undefined;
  const wanted = ofRole(golden);
  const notNew = wrongVersion(head, role, wanted);
  const behind = notNew === undefined ? undefined : behindText({ name, role, head }, around.rollout, wanted);
  const wrong = behind === undefined ? notNew : undefined;
  const seed = otherSeed(head, peers);
  const boot = otherBoot(head, peers);
  const revocation = revokedText(head, revoked);
  const all = [revocation, wrong, behind, seed, boot].filter((one) => one !== undefined);
  const why = all.length === 0 ? {} : { why: all.join('; ') };
  if (revocation !== undefined) return { state: 'revoked', ...why };
  if (wrong !== undefined) return { state: 'wrong version', ...why };
  if (head.drift > 0) return { state: 'drifted', ...why };
  if (seed !== undefined) return { state: 'other seed', ...why };
  if (boot !== undefined) return { state: 'other boot', ...why };
  return { state: behind === undefined ? 'golden' : 'behind', ...why };
}

function countedHeads(all: readonly AnsweredNode[], around: JudgeOptions): CountedHeads {
  const counts = new Map<string, { head: SharedHead; nodes: number }>();
  for (const { answer } of all)
    if (answer.kind === 'answered' && !isStale(answer.when, around)) {
      const key = sharedKey(answer.head);
      counts.set(key, { head: answer.head, nodes: (counts.get(key)?.nodes ?? 0) + 1 });
    }
  return counts.values();
}

function staleText({ oldest, newest }: { oldest: number; newest: number }, now: number): string {
  if (newest > now)
    return `of ${new Date(newest).toISOString().slice(0, 19)}Z, which is in the future: check its clock`;
  return `${durationText(now - oldest)} old`;
}

/** Orders groups by state, then by size, then by answer or reason, so that every run has the same order. */
function inOrder(a: NodeGroup, b: NodeGroup): number {
  const place = (group: NodeGroup): string =>
    `${group.head === undefined ? '' : headKey(group.head)} ${group.why ?? ''}`;
  return (
    nodeStates.indexOf(a.state) - nodeStates.indexOf(b.state) ||
    b.nodes.length - a.nodes.length ||
    (place(a) < place(b) ? -1 : 1)
  );
}

/** "A" to "Z", "AA", … */
export function labelOf(index: number): string {
  const letter = String.fromCharCode(65 + (index % 26));
  return index < 26 ? letter : labelOf(Math.floor(index / 26) - 1) + letter;
}

function labelled(groups: readonly NodeGroup[]): NodeGroup[] {
  const labels = new Map<string, string>();
  return groups.map((group) => {
    if (!isExplained(group)) return group;
    const key = headKey(group.head);
    const label = labels.get(key) ?? labelOf(labels.size);
    labels.set(key, label);
    return { ...group, label };
  });
}

/** Whether nodes of a group have drift to explain. Stale answers are not explained. */
export function isExplained(group: NodeGroup): group is NodeGroup & { readonly head: SharedHead } {
  return (
    (group.state === 'drifted' || group.state === 'wrong version' || group.state === 'revoked') &&
    group.head !== undefined &&
    group.head.drift > 0
  );
}
