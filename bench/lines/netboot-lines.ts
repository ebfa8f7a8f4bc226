import type { Bench, Line } from '../bench.ts';
import { spreadText } from '../format.ts';
import { type LoadRun, measureLoad, type ServerName } from '../netboot/measure-load.ts';
import { contentionFactor, estimateScale, payloadShare, type ScaleInput } from '../netboot/scale.ts';
import { servers } from '../netboot/servers.ts';
import type { Measured, Sample, Series } from '../result.ts';
import { ratioOf, spreadOf } from '../statistics.ts';

const mega = 1e6;
const mebi = 1024 ** 2;

/** The maximum size of a slave's root. */
const rootBytes = 220 * mega;
/** All clients together fetch at most ten whole roots, so that a run takes seconds with any server. */
const loadBytes = 10 * rootBytes;
const bytesOfEach = (clients: number): number => Math.min(rootBytes, loadBytes / clients);

type Runs = Readonly<Record<ServerName, readonly LoadRun[]>>;

function seriesOf(runs: Runs, what: string, unit: Series['unit'], sample: (run: LoadRun) => Sample) {
  const of = (name: ServerName): Series => ({
    label: `${servers[name].label}: ${what}`,
    unit,
    samples: runs[name].map(sample),
  });
  return { ours: of('ours'), best: of('best'), python: of('python') };
}

const failuresText = (runs: Runs): string =>
  (['ours', 'best', 'python'] as const)
    .map((name) => `${servers[name].label} ${runs[name].map(({ failures }) => failures).join(', ')}`)
    .join('; ');

async function againstOthers(bench: Bench, clients: number, count: number): Promise<Measured> {
  const bytes = bytesOfEach(clients);
  const runs = await measureLoad(bench, { clients, bytes, runs: count });
  const last = seriesOf(runs, 'last client', 's', ({ seconds, cpuSeconds }) => ({
    value: seconds,
    cpuSeconds,
  }));
  const rate = seriesOf(runs, 'throughput', 'MiB/s', ({ seconds, failures }) => ({
    value: ((clients - failures) * bytes) / mebi / seconds,
  }));
  const memory = seriesOf(runs, 'memory', 'MiB', ({ memoryMiB }) => ({ value: memoryMiB }));
  const overPython = ratioOf('', rate.ours, rate.python).values;
  return {
    series: [last, rate, memory].flatMap((one) => [one.ours, one.best, one.python]),
    ratio: ratioOf('throughput, ingot / nginx at its best', rate.ours, rate.best),
    notes: [
      `each client fetches ${bytes / mega} MB; clients that did not get the whole file, run by run: ${failuresText(runs)}`,
      `throughput, ingot / python3 -m http.server: ${spreadText(overPython, '')}`,
    ],
  };
}

const loadLine = (clients: number): Line => ({
  name: `netboot-${clients}`,
  title: `the netboot server: ${clients === 1 ? '1 client fetches the root' : `${clients} clients fetch the root at once`}`,
  target: { of: 'ratio', atLeast: 0.9 },
  runs: 9,
  measure: (bench, runs) => againstOthers(bench, clients, runs),
});

/** The size of kernel, initrd and hash tree of the example, which a node fetches in addition to its root. */
const bootFilesBytes = 31 * mega;
const masterRootBytes = 280 * mega;
const clientCounts = [1, 10, 100, 500];
const maxClients = 500;

/** The processor time of our server for each byte, with the largest recorded number of clients. */
async function processorTime(bench: Bench): Promise<{ readonly clients: number; readonly perByte: number }> {
  const known = clientCounts.findLast((size) => bench.recorded(`netboot-${size}`) !== undefined);
  const clients = known ?? maxClients;
  const measured = bench.recorded(`netboot-${clients}`) ?? (await againstOthers(bench, clients, 1));
  const cpu = (measured.series[0]?.samples ?? []).flatMap((sample) => sample.cpuSeconds ?? []);
  return { clients, perByte: spreadOf(cpu).median / (clients * bytesOfEach(clients)) };
}

/** The number of mirrors besides the first server, and how many mirrors each server fills at once. */
const trees = [
  { label: 'one server', mirrors: 0, fanOut: 1 },
  { label: 'and 10 mirrors', mirrors: 10, fanOut: 10 },
  { label: 'and a mirror for each 40 nodes', mirrors: 125, fanOut: 5 },
];

async function forThousands(bench: Bench): Promise<Measured> {
  const { clients, perByte } = await processorTime(bench);
  const common: Omit<ScaleInput, 'lineGbps' | 'mirrors' | 'fanOut'> = {
    nodes: 5000,
    bytesPerNode: rootBytes + bootFilesBytes,
    nodeGbps: 1,
    cpuSecondsPerByte: perByte,
    cores: 2,
    treeBytes: rootBytes + masterRootBytes + 2 * bootFilesBytes,
  };
  const answers = [10, 25].flatMap((lineGbps) =>
    trees.map(({ label, ...tree }) => ({
      label: `${lineGbps} Gb/s, ${label}`,
      ...estimateScale({ ...common, ...tree, lineGbps }),
    })),
  );
  const bounds = new Set(answers.map(({ boundBy }) => boundBy));
  const filled = answers.filter(({ fillSeconds }) => fillSeconds > 0);
  return {
    series: answers.map(({ label, seconds }): Series => ({
      label,
      unit: 's',
      samples: [{ value: seconds }],
    })),
    notes: [
      `each node fetches ${common.bytesPerNode / mega} MB; ${(payloadShare * contentionFactor * 100).toFixed(0)} % of the rate of a line is counted: what frames and headers leave, of which 90 % are assumed to be usable`,
      `the server's processes took ${(perByte * 1e9).toFixed(2)} s of processor time for 1 GB with ${clients === 1 ? '1 client' : `${clients} clients`}: ${common.cores} such cores send ${(common.cores / perByte / 1e9).toFixed(1)} GB/s; the driver of a network card is not included`,
      `limited by: ${[...bounds].join(', ')}; the mirrors are filled before, which takes, in the same order, ${filled.map(({ fillSeconds }) => spreadText([fillSeconds], ' s')).join(', ')}`,
    ],
  };
}

export const netbootLines: readonly Line[] = [
  ...clientCounts.map(loadLine),
  {
    name: 'netboot-scale',
    title:
      'COMPUTED, not measured: 5,000 nodes fetch kernel, initrd and root at once, until the last has them',
    runs: 1,
    measure: forThousands,
  },
];
