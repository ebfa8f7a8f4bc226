import type { PointedVersions } from '../channel/channel-pointer.ts';
import { forEachParallel } from '../fleet/query-node.ts';
import { waveProblems } from './check-nodes.ts';
import { fetchVersionTo, requireSuccess, restartInto, runsVersion } from './move-node.ts';
import { type NodeHealth, nodeHealth } from './node-health.ts';
import type { WaveNode } from './wave-share.ts';
import { pollUntil, waveStopped, type WaveTools } from './wave-tools.ts';

/** How the nodes of a wave are moved. */
export interface MoveRequest {
  readonly nodes: readonly WaveNode[];
  /** All nodes of the inventory: one of its masters drains slaves. */
  readonly inventory: readonly WaveNode[];
  readonly versions: PointedVersions;
  /** Address of the store for the nodes, without a slash at the end. */
  readonly from: string;
  /** How many slaves restart at once. */
  readonly atOnce: number;
  /** Whether the tasks of slaves end before they restart. */
  readonly drain: boolean;
}

const drainMs = 2 * 60 * 60_000;
/** What the docs demand of a master before the next one is moved (docs/updates.md). */
const masterChecks = [
  ['/usr/lib/ingot/check/zookeeper'],
  ['/usr/lib/ingot/check/metric', '5050', 'registrar/log/recovered', '1'],
];

const versionOfNode = ({ versions }: MoveRequest, { role }: WaveNode): string | undefined =>
  versions[role]?.version;

/** Waits until nodes are healthy and without drift. */
async function awaitWell(nodes: readonly WaveNode[], request: MoveRequest, tools: WaveTools): Promise<void> {
  let problems: string[] = [];
  const well = await pollUntil(tools, async () => {
    problems = await waveProblems(nodes, request.versions, tools);
    return problems.length === 0 ? true : undefined;
  });
  if (well === undefined)
    throw waveStopped(
      'the wave stops: nodes that were just moved are not well:',
      problems.slice(0, 20),
      'no other node was moved; mend these, then run the same command again: it goes on from here',
    );
}

async function addressOf(tools: WaveTools, node: WaveNode): Promise<string> {
  const health: NodeHealth = await nodeHealth(tools, node);
  const address = 'why' in health ? undefined : health.identity.address;
  if (address !== undefined) return address;
  const why = 'why' in health ? health.why : 'it has not joined its cluster';
  throw waveStopped(
    `the address of ${node.name} in its cluster is not known: ${why}`,
    [],
    'mend the node first, or use --no-drain',
  );
}

async function moveMaster(node: WaveNode, request: MoveRequest, tools: WaveTools): Promise<void> {
  const version = versionOfNode(request, node);
  if (version === undefined || (await runsVersion(tools, node, version))) return;
  await tools.progress.stage(`move ${node.name} to ${version}`, async () => {
    await fetchVersionTo(tools, node, { version, from: request.from });
    await restartInto(tools, node, version);
    await awaitWell([node], request, tools);
    for (const check of masterChecks) await requireSuccess(tools, node, check);
  });
}

/** Masters, the one that leads last: one election instead of several. */
async function leadingLast(masters: readonly WaveNode[], tools: WaveTools): Promise<WaveNode[]> {
  const leads = async (node: WaveNode): Promise<boolean> => {
    const health = await nodeHealth(tools, node);
    if ('why' in health) return false;
    const { identity, quorum } = health;
    return identity.address !== undefined && quorum?.elected === identity.address;
  };
  const known: { node: WaveNode; last: boolean }[] = [];
  for (const node of masters) known.push({ node, last: await leads(node) });
  return known.toSorted((a, b) => Number(a.last) - Number(b.last)).map(({ node }) => node);
}

/**
 * Lets slaves run tasks again. An agent is registered some seconds after its node has confirmed the version.
 * @returns false if they stay drained, which is reported
 */
async function endDrain(
  drained: { readonly master: WaveNode; readonly addresses: readonly string[] } | undefined,
  tools: WaveTools,
): Promise<boolean> {
  if (drained === undefined) return true;
  const end = ['ingot-drain', '--end', ...drained.addresses];
  const ended = await pollUntil(
    tools,
    async () => (await tools.run(drained.master, end, 60_000)).exitCode === 0 || undefined,
  );
  if (ended === undefined)
    tools.host.warn?.(
      `slaves are still drained and run no tasks; on ${drained.master.name}: sudo ${end.join(' ')}`,
    );
  return ended === true;
}

async function moveSlaves(nodes: readonly WaveNode[], request: MoveRequest, tools: WaveTools): Promise<void> {
  const version = request.versions.slave?.version;
  if (version === undefined) return;
  const open: WaveNode[] = [];
  await forEachParallel(nodes, tools.parallel, async (node) => {
    if (!(await runsVersion(tools, node, version))) open.push(node);
  });
  if (open.length === 0) return;
  const names = open.length > 3 ? `${open.length} slaves` : open.map(({ name }) => name).join(', ');
  await tools.progress.stage(`move ${names} to ${version}`, async () => {
    const all = (work: (node: WaveNode) => Promise<void>): Promise<void> =>
      forEachParallel(open, open.length, work);
    await all((node) => fetchVersionTo(tools, node, { version, from: request.from }));
    const master = request.inventory.find(({ role }) => role === 'master');
    const addresses = request.drain ? await Promise.all(open.map((node) => addressOf(tools, node))) : [];
    if (request.drain && master !== undefined)
      await requireSuccess(tools, master, ['ingot-drain', ...addresses], drainMs);
    const drained = request.drain && master !== undefined ? { master, addresses } : undefined;
    try {
      await all((node) => restartInto(tools, node, version));
    } catch (error) {
      // Nodes that are back may run tasks again, whichever version they run.
      await endDrain(drained, { ...tools, settleMs: Math.min(tools.settleMs, 60_000) });
      throw error;
    }
    if (!(await endDrain(drained, tools)))
      throw waveStopped(
        `${names} cannot run tasks again: ingot-drain --end fails`,
        [],
        'run it on a master by hand',
      );
    await awaitWell(open, request, tools);
  });
}

/**
 * Moves nodes to their versions, as docs/updates.md prescribes: masters one at a time, the leading one last, then
 * slaves in groups, drained before they restart. Nodes that run their version already stay as they are.
 * @throws IngotError wave-stopped at the first node that is not well afterwards; wrong-inventory for nodes that are not
 *   reached over ssh, or if slaves are to be drained and the inventory has no master
 */
export async function moveNodes(request: MoveRequest, tools: WaveTools): Promise<void> {
  const { nodes, atOnce } = request;
  const slaves = nodes.filter(({ role }) => role === 'slave');
  const masters = nodes.filter(({ role }) => role === 'master');
  for (const node of await leadingLast(masters, tools)) await moveMaster(node, request, tools);
  for (let from = 0; from < slaves.length; from += atOnce)
    await moveSlaves(slaves.slice(from, from + atOnce), request, tools);
}
