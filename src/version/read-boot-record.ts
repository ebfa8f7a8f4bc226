import { z } from 'zod';
import { allRoles } from '../inputs/roles.ts';
import type { BootRecord } from './boot-record.ts';

const facts = z.object({
  role: z.enum(allRoles),
  version: z.string(),
  rootHash: z.string().regex(/^[0-9a-f]{64}$/),
  rootBytes: z.int().nonnegative(),
  kernelArguments: z.array(z.string()),
  memoryMiB: z.int().nonnegative(),
});

const origin = z.object({
  cluster: z.string(),
  date: z.iso.datetime(),
  production: z.boolean(),
  architecture: z.string(),
  layout: z.string(),
  scheduler: z.string().exactOptional(),
});

const schema = z.discriminatedUnion('schema', [
  facts.extend({ schema: z.literal(1) }),
  facts.extend({ schema: z.literal(2), ...origin.shape }),
]);

/** Reads the text of boot.json; undefined if it is none. */
export function parseBootRecord(text: string): BootRecord | undefined {
  try {
    return schema.safeParse(JSON.parse(text)).data;
  } catch {
    return undefined;
  }
}
