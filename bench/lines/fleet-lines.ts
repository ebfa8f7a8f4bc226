import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Bench, Line } from '../bench.ts';
import type { Measured, Sample, Series } from '../result.ts';

const nodes = 5000;
/** One node in so many drifts, by turns in one of four ways. */
const driftingEvery = 100;
const golden = 1;
const drifting = [2, 3, 4, 5];

/**
 * Answers of as many nodes, each with its own name and time. examples/fleet has what ingot-drift wrote on real
 * overlays.
 */
async function makeAnswers(bench: Bench, folder: string, some: boolean): Promise<string> {
  const { workshop } = bench;
  const samples = new Map<number, string>();
  for (const number of [golden, ...drifting]) {
    const file = join(await workshop.ingot(), 'examples/fleet/answers', `demo-slave-${number}.json`);
    samples.set(number, await readFile(file, 'utf8'));
  }
  await rm(folder, { recursive: true, force: true });
  await mkdir(join(folder, 'answers'), { recursive: true });
  for (let node = 0; node < nodes; node += 1) {
    const drifts = some && node % driftingEvery === 0;
    const which = drifts ? (drifting[(node / driftingEvery) % drifting.length] ?? golden) : golden;
    const name = `node${String(node).padStart(4, '0')}`;
    const when = new Date(workshop.host.now() - node).toISOString().slice(0, 19);
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
 * ingot drift over the answers of a folder; the last line of its summary proves that it has seen what it was to see.
 */
async function timeFleet(bench: Bench, runs: number, some: boolean): Promise<readonly Sample[]> {
  const { workshop } = bench;
  const folder = workshop.path('fleet');
  const ingot = join(await workshop.ingot(), 'bin', 'ingot');
  // That some drift is exit status 3, and no failure here.
  const [status, begins] = some ? [3, '4,950 of golden slave'] : [0, '5,000 of golden slave'];
  const script = `text=$("$1" "$2" drift "$3" --max-age 1d); [ $? -eq ${status} ] && case $text in '${begins} '*) ;; *) echo "$text"; exit 1 ;; esac`;
  try {
    const inventory = await makeAnswers(bench, folder, some);
    const samples: Sample[] = [];
    // The first only brings the files into memory.
    for (let run = 0; run <= runs; run += 1) {
      const { sample } = await workshop.time('sh', ['-c', script, 'sh', process.execPath, ingot, inventory]);
      if (run > 0) samples.push(sample);
    }
    return samples;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

const seriesOf = (label: string, samples: readonly Sample[]): Series => ({ label, unit: 's', samples });

/** The largest process that time(1) saw is Node's; the shell around it is far smaller. */
async function memory(bench: Bench, runs: number): Promise<Measured> {
  const samples = (await timeFleet(bench, runs, true)).flatMap(({ largestMiB }) =>
    largestMiB === undefined ? [] : [{ value: largestMiB }],
  );
  return { series: [{ label: 'ingot drift, 5,000 nodes', unit: 'MiB', samples }] };
}

const notes = [
  'the whole command over a folder with an answer of each node, which ingot-drift wrote on real overlays; the start of Node is within, sessions of ssh are not',
];

export const fleetLines: readonly Line[] = [
  {
    name: 'fleet-equal',
    title: '5,000 nodes that answer the same, put together',
    target: { of: 'value', atMost: 1 },
    runs: 5,
    measure: async (bench, runs) => ({
      series: [seriesOf('5,000 equal nodes', await timeFleet(bench, runs, false))],
      notes,
    }),
  },
  {
    name: 'fleet-drifted',
    title: '5,000 nodes, 1 % of which drift in four ways, put together and explained',
    target: { of: 'value', atMost: 5 },
    runs: 5,
    measure: async (bench, runs) => ({
      series: [seriesOf('5,000 nodes, 50 drift', await timeFleet(bench, runs, true))],
      notes,
    }),
  },
  {
    name: 'fleet-memory',
    title: 'the most memory that putting 5,000 nodes together takes',
    target: { of: 'value', atMost: 200 },
    runs: 1,
    measure: memory,
  },
];
