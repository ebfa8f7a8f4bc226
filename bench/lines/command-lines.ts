import { rm } from 'node:fs/promises';
import type { Bench, Line } from '../bench.ts';
import type { Measured, Sample, Series } from '../result.ts';
import { ratioOf } from '../statistics.ts';

/** Runs a short command and `node -e 0` alternately, so that other load of the machine affects both. */
async function againstNode(
  bench: Bench,
  runs: number,
  label: string,
  args: () => Promise<readonly string[]>,
): Promise<Measured> {
  const { workspace } = bench;
  const own: Sample[] = [];
  const bare: Sample[] = [];
  const commandArgs = await args();
  for (let run = 0; run < runs; run += 1) {
    own.push((await workspace.timeIngot(commandArgs)).sample);
    bare.push((await workspace.time(process.execPath, ['-e', '0'])).sample);
  }
  const command: Series = { label, unit: 's', samples: own };
  const node: Series = { label: 'node -e 0', unit: 's', samples: bare };
  return { series: [command, node], ratio: ratioOf(`${label} / node -e 0`, command, node) };
}

export const commandLines: readonly Line[] = [
  {
    name: 'help',
    title: 'ingot --help against an empty Node process',
    target: { of: 'value', atMost: 0.15 },
    runs: 15,
    measure: (bench, runs) => againstNode(bench, runs, 'ingot --help', () => Promise.resolve(['--help'])),
  },
  {
    name: 'check',
    title: 'ingot check against an empty Node process',
    target: { of: 'value', atMost: 0.5 },
    runs: 10,
    measure: (bench, runs) =>
      againstNode(bench, runs, 'ingot check', async () => ['check', await bench.workspace.spec()]),
  },
  {
    name: 'render',
    title: 'ingot render against an empty Node process',
    target: { of: 'value', atMost: 0.5 },
    runs: 10,
    measure: async (bench, runs) => {
      const out = bench.workspace.path('rendered');
      try {
        return await againstNode(bench, runs, 'ingot render', async () => [
          'render',
          await bench.workspace.spec(),
          '--out',
          out,
        ]);
      } finally {
        await rm(out, { recursive: true, force: true });
      }
    },
  },
];
