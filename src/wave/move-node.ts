import { z } from 'zod';
import type { WaveNode } from './wave-share.ts';
import { pollUntil, waveStopped, type WaveTools } from './wave-tools.ts';

/** The part of `ingot-update --status --json` that says how an update ended (docs/updates.md). */
const statusSchema = z.object({
  running: z.object({ version: z.string().nullable() }),
  state: z.enum(['trying', 'settled']),
  other: z.object({ version: z.string().nullable(), triedNext: z.boolean(), failed: z.boolean() }),
  last: z.object({ what: z.string(), version: z.string().optional(), why: z.string().optional() }).nullable(),
});

const fetchMs = 60 * 60_000;
const askMs = 60_000;
const hint =
  'nodes that were moved before stay so; mend this node, then run the same command again: it goes on from here';

/** The slots of a node; undefined while it does not answer, as during a restart. */
async function slotsOf({ run }: WaveTools, node: WaveNode) {
  const { stdout } = await run(node, ['ingot-update', '--status', '--json'], askMs);
  try {
    return statusSchema.parse(JSON.parse(stdout));
  } catch {
    return undefined;
  }
}

/** Whether a node runs a version and has confirmed it. */
export async function runsVersion(tools: WaveTools, node: WaveNode, version: string): Promise<boolean> {
  const slots = await slotsOf(tools, node);
  return slots?.state === 'settled' && slots.running.version === version;
}

/**
 * Runs a command on a node that has to succeed.
 * @throws IngotError wave-stopped with the last line of its output
 */
export async function requireSuccess(
  tools: WaveTools,
  node: WaveNode,
  command: readonly string[],
  timeoutMs = askMs,
): Promise<void> {
  const { exitCode, stdout, lastError } = await tools.run(node, command, timeoutMs);
  if (exitCode === 0) return;
  const last = stdout.trimEnd().split('\n').at(-1) ?? '';
  const ended = exitCode === null ? 'took too long' : `failed (exit ${exitCode})`;
  throw waveStopped(`${node.name}: ${command.join(' ')} ${ended}`, [lastError, last].filter(Boolean), hint);
}

/** Writes the version into the other slot of a node, which continues to work. */
export async function fetchVersionTo(
  tools: WaveTools,
  node: WaveNode,
  { version, from }: { readonly version: string; readonly from: string },
): Promise<void> {
  await requireSuccess(
    tools,
    node,
    ['ingot-update', '--no-reboot', `${from}/${node.role}/${version}`],
    fetchMs,
  );
}

/**
 * Restarts a node and waits until it has confirmed the version.
 * @throws IngotError wave-stopped with the node's reason if it runs another version again, or takes too long
 */
export async function restartInto(tools: WaveTools, node: WaveNode, version: string): Promise<void> {
  await requireSuccess(tools, node, ['systemctl', '--no-block', 'reboot']);
  const ended = await pollUntil(tools, async () => {
    const slots = await slotsOf(tools, node);
    if (slots === undefined || slots.state === 'trying') return undefined;
    if (slots.running.version === version) return { why: undefined };
    // Before the restart it is settled too, and the version is tried next.
    if (slots.other.triedNext) return undefined;
    return slots.other.failed ? { why: slots.last?.why ?? 'it does not say why' } : undefined;
  });
  if (ended === undefined)
    throw waveStopped(
      `${node.name} has not confirmed ${version} within ${tools.settleMs / 60_000} minutes`,
      [],
      hint,
    );
  if (ended.why !== undefined)
    throw waveStopped(
      `${node.name} did not become healthy with ${version}, and went back`,
      [ended.why],
      hint,
    );
}
