import { z } from 'zod';
import type { WaveNode } from './wave-share.ts';
import type { WaveTools } from './wave-tools.ts';

/** The part of `ingot-status --json` that decides whether a wave goes on (docs/status.md). */
const healthSchema = z.object({
  healthy: z.boolean(),
  problems: z.array(z.string()),
  identity: z.object({ address: z.string().optional() }).loose(),
  quorum: z.object({ elected: z.string().nullable() }).loose().nullish(),
});

/** What a node says about itself, or why it says nothing. */
export type NodeHealth = z.output<typeof healthSchema> | { readonly why: string };

const timeoutMs = 120_000;

/** Reads whether a node is healthy. */
export async function nodeHealth({ run }: WaveTools, node: WaveNode): Promise<NodeHealth> {
  const { exitCode, stdout, lastError } = await run(node, ['ingot-status', '--json'], timeoutMs);
  try {
    return healthSchema.parse(JSON.parse(stdout));
  } catch {
    if (exitCode === null) return { why: `ingot-status did not answer within ${timeoutMs / 1000} s` };
    return { why: lastError === '' ? 'ingot-status says nothing that is understood' : lastError };
  }
}

/** What is wrong with the health of a node, one line each. */
export function healthProblems(node: WaveNode, health: NodeHealth): string[] {
  if ('why' in health) return [`${node.name}: its health is not known: ${health.why}`];
  if (health.healthy) return [];
  return [`${node.name} is not healthy: ${health.problems.join('; ') || 'it does not say why'}`];
}
