import { z } from 'zod';
import { IngotError } from '../../host/ingot-error.ts';
import type { Cluster } from '../cluster.ts';

/** The needed part of the output of `ingot-update --status --json` (docs/updates.md). */
const statusSchema = z.object({
  running: z.object({ slot: z.string(), version: z.string().nullable() }),
  state: z.enum(['trying', 'settled']),
  other: z.object({ slot: z.string(), version: z.string().nullable(), failed: z.boolean() }),
  last: z.object({ what: z.string(), version: z.string().optional(), why: z.string().optional() }).nullable(),
});

export type UpdateStatus = z.output<typeof statusSchema>;

/** The state of a node's slots; undefined while the node does not answer, as during a restart. */
export async function updateStatus(cluster: Cluster, name: string): Promise<UpdateStatus | undefined> {
  try {
    return statusSchema.parse(JSON.parse(await cluster.run(name, 'ingot-update --status --json')));
  } catch (error) {
    const unanswered = error instanceof IngotError && error.code === 'node-failed';
    if (unanswered || error instanceof SyntaxError) return undefined;
    throw error;
  }
}
