import { z } from 'zod';
import type { BootRecord } from './boot-record.ts';

const schema = z.object({
  schema: z.literal(1),
  role: z.enum(['master', 'slave']),
  version: z.string(),
  rootHash: z.string().regex(/^[0-9a-f]{64}$/),
  rootBytes: z.int().nonnegative(),
  kernelArguments: z.array(z.string()),
  memoryMiB: z.int().nonnegative(),
});

/** Reads the text of boot.json; undefined if it is none. */
export function parseBootRecord(text: string): BootRecord | undefined {
  try {
    return schema.safeParse(JSON.parse(text)).data;
  } catch {
    return undefined;
  }
}
