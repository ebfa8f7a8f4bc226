import type { BenchResults, LineResult } from './result.ts';

/**
 * Replaces earlier results of the newly measured lines and keeps the other lines, each with its own date and machine.
 * @param order the names of all existing lines; a line that no longer exists is dropped
 */
export function mergeResults(
  before: BenchResults | undefined,
  measured: readonly LineResult[],
  order: readonly string[],
): BenchResults {
  const known = new Map([...(before?.lines ?? []), ...measured].map((line) => [line.name, line]));
  return {
    version: 1,
    lines: order.flatMap((name) => {
      const line = known.get(name);
      return line === undefined ? [] : [line];
    }),
  };
}
