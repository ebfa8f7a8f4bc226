import type { Sample, Series } from './result.ts';
import type { Timed } from './time-program.ts';

/**
 * Runs two programs alternately over the same files. A first run, which is not counted, brings the files into memory.
 */
export async function alternateRuns(
  runs: number,
  labels: readonly [string, string],
  ways: readonly [() => Promise<Timed>, () => Promise<Timed>],
): Promise<readonly [Series, Series]> {
  const samples: [Sample[], Sample[]] = [[], []];
  await ways[1]();
  for (let run = 0; run < runs; run += 1) {
    samples[0].push((await ways[0]()).sample);
    samples[1].push((await ways[1]()).sample);
  }
  return [
    { label: labels[0], unit: 's', samples: samples[0] },
    { label: labels[1], unit: 's', samples: samples[1] },
  ];
}
