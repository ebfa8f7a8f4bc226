import { readFile, rename, writeFile } from 'node:fs/promises';
import { z } from 'zod';
import { IngotError } from '../src/host/ingot-error.ts';
import type { BenchResults } from './result.ts';

const sample = z.strictObject({
  value: z.number(),
  cpuSeconds: z.number().exactOptional(),
  nodeMiB: z.number().exactOptional(),
  largestMiB: z.number().exactOptional(),
});
const cutOff = z.literal(true).exactOptional();
const line = z.strictObject({
  name: z.string(),
  title: z.string(),
  target: z
    .strictObject({
      of: z.enum(['ratio', 'value']),
      atMost: z.number().exactOptional(),
      atLeast: z.number().exactOptional(),
    })
    .exactOptional(),
  series: z.array(
    z.strictObject({
      label: z.string(),
      unit: z.enum(['s', 'MiB', 'MiB/s']),
      samples: z.array(sample),
      cutOff,
    }),
  ),
  ratio: z.strictObject({ text: z.string(), values: z.array(z.number()), cutOff }).exactOptional(),
  notes: z.array(z.string()).exactOptional(),
  at: z.string(),
  machine: z.strictObject({
    cores: z.number(),
    memoryGiB: z.number(),
    processor: z.string(),
    accelerator: z.string(),
    versions: z.record(z.string(), z.string()),
  }),
});
const schema = z.strictObject({ version: z.literal(1), lines: z.array(line) });

/**
 * Reads earlier results.
 * @returns undefined if there is no such file
 * @throws IngotError wrong-usage when the file does not contain results
 */
export async function readResults(file: string): Promise<BenchResults | undefined> {
  const text = await readFile(file, 'utf8').catch((error: unknown) => {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  });
  if (text === undefined) return undefined;
  try {
    return schema.parse(JSON.parse(text));
  } catch (cause) {
    throw new IngotError({
      code: 'wrong-usage',
      message: `${file} does not contain results of make bench`,
      hint: 'remove it, or name another folder with --out',
      cause,
    });
  }
}

/** Writes results atomically, by rename. */
export async function writeResults(file: string, results: BenchResults): Promise<void> {
  const own = `${file}.${process.pid}`;
  await writeFile(own, `${JSON.stringify(results, null, 2)}\n`);
  await rename(own, file);
}
