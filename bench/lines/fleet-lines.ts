import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Bench, Line } from '../bench.ts';
import type { Measured, Sample, Series } from '../result.ts';

const nodes = 5000;
/** One node in so many drifts, in one of four ways in turn. */
const driftingEvery = 100;
const golden = 1;
const drifting = [2, 3, 4, 5];

/**
 * Writes one answer for each node, with its own name and time, copied from examples/fleet, which ingot-drift wrote on
 * real overlays.
 * @param withDrift whether one node in `driftingEvery` has drifted
 * @returns the path of an inventory
 */
async function makeAnswers(bench: Bench, folder: string, withDrift: boolean): Promise<string> {
  const { workspace } = bench;
  const samples = new Map<number, string>();
  for (const number of [golden, ...drifting]) {
    const file = join(await workspace.ingot(), 'examples/fleet/answers', `demo-slave-${number}.json`);
    samples.set(number, await readFile(file, 'utf8'));
  }
  await rm(folder, { recursive: true, force: true });
  await mkdir(join(folder, 'answers'), { recursive: true });
  for (let node = 0; node < nodes; node += 1) {
    const drifts = withDrift && node % driftingEvery === 0;
    const which = drifts ? (drifting[(node / driftingEvery) % drifting.length] ?? golden) : golden;
    const name = `node${String(node).padStart(4, '0')}`;
    const when = new Date(workspace.host.now() - node).toISOString().slice(0, 19);
    const text = (samples.get(which) ?? '')
      .replace(/"node": "[^"]*"/, `"node": "${name}"`)
      .replace(/"when": "[^"]*"/, `"when": "${when}Z"`);
    await writeFile(join(folder, 'answers', `${name}.json`), text);
  }
  const inventory = join(folder, 'inventory.yaml');
  await writeFile(inventory, 'nodes:\n  - folder: answers\n    role: slave\n');
  return inventory;
}

/**
 * Times ingot drift over the answers of a folder. The last line of its summary shows that it has read all of them.
 */
async function timeFleet(bench: Bench, runs: number, withDrift: boolean): Promise<readonly Sample[]> {
  const { workspace } = bench;
  const folder = workspace.path('fleet');
  const ingot = join(await workspace.ingot(), 'bin', 'ingot');
  // Exit status 3 means drift, which is expected here.
  const [status, begins] = withDrift ? [3, '4,950 of golden slave'] : [0, '5,000 of golden slave'];
  const script = `text=$("$1" "$2" drift "$3" --max-age 1d); [ $? -eq ${status} ] && case $text in '${begins} '*) ;; *) echo "$text"; exit 1 ;; esac`;
  try {
    const inventory = await makeAnswers(bench, folder, withDrift);
    const samples: Sample[] = [];
    // The first run is not counted: it brings the files into memory.
    for (let run = 0; run <= runs; run += 1) {
      const { sample } = await workspace.time('sh', ['-c', script, 'sh', process.execPath, ingot, inventory]);
      if (run > 0) samples.push(sample);
    }
    return samples;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

const seriesOf = (label: string, samples: readonly Sample[]): Series => ({ label, unit: 's', samples });

/** The largest process that time(1) reports is Node.js; the shell that starts it is far smaller. */
async function memory(bench: Bench, runs: number): Promise<Measured> {
  const samples = (await timeFleet(bench, runs, true)).flatMap(({ largestMiB }) =>
    largestMiB === undefined ? [] : [{ value: largestMiB }],
  );
  return { series: [{ label: 'ingot drift, 5,000 nodes', unit: 'MiB', samples }] };
}

const notes = [
  'the whole command over a folder with one answer for each node, written by ingot-drift on real overlays; the time includes the start of Node.js, but no SSH sessions',
];

export const fleetLines: readonly Line[] = [
  {
    name: 'fleet-equal',
    title: 'report on 5,000 nodes with equal answers',
    target: { of: 'value', atMost: 1 },
    runs: 5,
    measure: async (bench, runs) => ({
      series: [seriesOf('5,000 equal nodes', await timeFleet(bench, runs, false))],
      notes,
    }),
  },
  {
    name: 'fleet-drifted',
    title: 'report on 5,000 nodes, of which 1 % have drifted in four ways, with explanations',
    target: { of: 'value', atMost: 5 },
    runs: 5,
    measure: async (bench, runs) => ({
      series: [seriesOf('5,000 nodes, 50 drift', await timeFleet(bench, runs, true))],
      notes,
    }),
  },
  {
    name: 'fleet-memory',
    title: 'peak memory of the report on 5,000 nodes',
    target: { of: 'value', atMost: 200 },
    runs: 1,
    measure: memory,
  },
];
