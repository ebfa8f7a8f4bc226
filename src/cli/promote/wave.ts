import { resolve } from 'node:path';
import type { ChannelPointer, PointedVersions } from '../../channel/channel-pointer.ts';
import { readInventory } from '../../fleet/drift-fleet.ts';
import { querySource } from '../../fleet/sources/query-source.ts';
import { runOnFleetNode } from '../../fleet/sources/run-on-fleet-node.ts';
import { IngotError } from '../../host/ingot-error.ts';
import type { ProgressStage } from '../../host/progress-stage.ts';
import { waveProblems } from '../../wave/check-nodes.ts';
import { moveNodes } from '../../wave/move-nodes.ts';
import { type NextWave, nextWave } from '../../wave/next-wave.ts';
import { type WaveNode, waveNodes } from '../../wave/wave-share.ts';
import { waveStopped, type WaveTools } from '../../wave/wave-tools.ts';
import type { World } from '../world.ts';
import type { PromoteInput } from './options.ts';

/** A wave of the command line. */
export interface PlannedWave extends NextWave {
  readonly inventory: readonly WaveNode[];
  readonly versions: PointedVersions;
}

const pauseMs = 10_000;
const parallel = 32;
const timeoutMs = 60_000;

/** How the command line reaches the nodes. */
export function waveTools(world: World, input: PromoteInput, progress: ProgressStage): WaveTools {
  const { host, cwd, env, signal } = world;
  const configFile = input.sshConfig === undefined ? undefined : resolve(cwd, input.sshConfig);
  return {
    ...{ host, parallel, pauseMs, progress, signal },
    out: resolve(cwd, input.out),
    settleMs: input.settle * 1000,
    query: querySource({ configFile, last: false, timeoutMs, env }),
    run: ({ name, source }, command, limitMs) => {
      if (source.kind !== 'ssh') throw new Error(`${name} is not reached over ssh`);
      const asRoot = ['sudo', '--non-interactive', ...command];
      return runOnFleetNode(source, asRoot, { configFile, timeoutMs: limitMs, env }, signal);
    },
  };
}

/**
 * Which nodes the wave consists of.
 * @throws IngotError wrong-inventory if nodes have no role, or cannot be moved in the way that was asked for
 */
export async function planWave(
  { cwd }: World,
  input: PromoteInput,
  versions: PointedVersions,
  before: ChannelPointer | undefined,
): Promise<PlannedWave | undefined> {
  const { wave: percent, inventory: file, channel } = input;
  if (percent === undefined || file === undefined) return undefined;
  const inventory = waveNodes(await readInventory(resolve(cwd, file)));
  const salt = `${channel}-${(before?.counter ?? 0) + 1}`;
  // A role that is not promoted stays as it is.
  const nodes = inventory.filter(({ role }) => versions[role] !== undefined);
  const wave = nextWave({ percent, versions, nodes }, before, salt);
  if (input.storeUrl !== undefined) requireMovable(wave.nodes, inventory, input.drain);
  return { ...wave, inventory, versions };
}

function requireMovable(nodes: readonly WaveNode[], inventory: readonly WaveNode[], drain: boolean): void {
  const wrong = (message: string, hint: string): IngotError =>
    new IngotError({ code: 'wrong-inventory', message, hint });
  const others = nodes.filter(({ source }) => source.kind !== 'ssh').map(({ name }) => name);
  if (others.length > 0)
    throw wrong(
      `nodes cannot be moved, because the inventory does not say how ssh reaches them: ${others.slice(0, 5).join(', ')}`,
      'name them with host, or omit --store-url and run ingot-update on the nodes that are listed',
    );
  const slaves = nodes.some(({ role }) => role === 'slave');
  const master = inventory.some(({ role, source }) => role === 'master' && source.kind === 'ssh');
  if (drain && slaves && !master)
    throw wrong(
      'slaves are drained before they restart, and the inventory has no master that ssh reaches',
      'add a master to the inventory; with --no-drain slaves restart together with their tasks',
    );
}

/**
 * Checks the nodes of the earlier waves.
 * @throws IngotError wave-stopped if one of them drifted, is not healthy, or does not answer; nothing is changed then
 */
export async function requireEarlierWell(
  { earlier, versions }: PlannedWave,
  tools: WaveTools,
  channel: string,
): Promise<void> {
  const problems = await waveProblems(earlier, versions, tools);
  if (problems.length === 0) return;
  throw waveStopped(
    `the wave stops before it begins: of ${earlier.length} nodes of the earlier waves, some are not well:`,
    [...problems.slice(0, 20), ...(problems.length > 20 ? [`and ${problems.length - 20} more`] : [])],
    `nothing was changed; mend them and run the command again, or end the rollout: ingot promote ${channel} ${channel}`,
  );
}

/** Moves the nodes of a wave, if the command line says from where. */
export async function moveWave(wave: PlannedWave, input: PromoteInput, tools: WaveTools): Promise<void> {
  if (input.storeUrl === undefined) return;
  const slaves = wave.inventory.filter(({ role }) => role === 'slave').length;
  await moveNodes(
    {
      ...{ nodes: wave.nodes, inventory: wave.inventory, versions: wave.versions, drain: input.drain },
      from: input.storeUrl.replace(/\/+$/, ''),
      // The others need room for the tasks of those that restart.
      atOnce: input.atOnce ?? Math.max(1, Math.min(10, Math.floor(slaves / 3))),
    },
    tools,
  );
}
