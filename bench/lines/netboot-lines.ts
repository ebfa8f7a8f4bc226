import type { Bench, Line } from '../bench.ts';
import { spreadText } from '../format.ts';
import { type CrowdRun, measureCrowd, type ServerName } from '../netboot/measure-crowd.ts';
import { crowding, framing, netbootScale, type ScaleQuestion } from '../netboot/scale.ts';
import { servers } from '../netboot/servers.ts';
import type { Measured, Sample, Series } from '../result.ts';
import { ratioOf, spreadOf } from '../statistics.ts';

const mega = 1e6;
const mebi = 1024 ** 2;

/** The most that a slave's root may have. */
const rootBytes = 220 * mega;
/** All clients together fetch no more than ten whole roots, so that a run is a matter of seconds with any server. */
const crowdBytes = 10 * rootBytes;
const bytesOfEach = (clients: number): number => Math.min(rootBytes, crowdBytes / clients);

type Runs = Readonly<Record<ServerName, readonly CrowdRun[]>>;

function seriesOf(runs: Runs, what: string, unit: Series['unit'], sample: (run: CrowdRun) => Sample) {
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
  const runs = await measureCrowd(bench, { clients, bytes, runs: count });
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
      `each of ${clients} fetches ${bytes / mega} MB; clients without the whole file, run by run: ${failuresText(runs)}`,
      `throughput, ingot / python3 -m http.server: ${spreadText(overPython, '')}`,
    ],
  };
}

const crowdLine = (clients: number): Line => ({
  name: `netboot-${clients}`,
  title: `the netboot server, ${clients === 1 ? '1 client fetches' : `${clients} clients fetch`} the root at once`,
  target: { of: 'ratio', atLeast: 0.9 },
  runs: 9,
  measure: (bench, runs) => againstOthers(bench, clients, runs),
});

/** Kernel, initrd and hash tree of the example: what a node fetches in addition to its root. */
const besideRoot = 31 * mega;
const masterRootBytes = 280 * mega;
const crowds = [1, 10, 100, 500];
const largestCrowd = 500;

/** Processor time of our server for each byte, of the largest crowd on record. */
async function processorTime(bench: Bench): Promise<{ readonly clients: number; readonly perByte: number }> {
  const known = crowds.findLast((size) => bench.recorded(`netboot-${size}`) !== undefined);
  const clients = known ?? largestCrowd;
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
  const common: Omit<ScaleQuestion, 'lineGbps' | 'mirrors' | 'fanOut'> = {
    nodes: 5000,
    bytesPerNode: rootBytes + besideRoot,
    nodeGbps: 1,
    cpuSecondsPerByte: perByte,
    cores: 2,
    treeBytes: rootBytes + masterRootBytes + 2 * besideRoot,
  };
  const answers = [10, 25].flatMap((lineGbps) =>
    trees.map(({ label, ...tree }) => ({
      label: `${lineGbps} Gb/s, ${label}`,
      ...netbootScale({ ...common, ...tree, lineGbps }),
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
      `each node fetches ${common.bytesPerNode / mega} MB; of a line ${(framing * crowding * 100).toFixed(0)} % is counted: what frames and headers leave, and of that 90 %, which is assumed`,
      `the server's processes took ${(perByte * 1e9).toFixed(2)} s of processor time for 1 GB with ${clients === 1 ? '1 client' : `${clients} clients`}: ${common.cores} such cores send ${(common.cores / perByte / 1e9).toFixed(1)} GB/s; that is without a network card's driver`,
      `bound by: ${[...bounds].join(', ')}; the mirrors are filled before, which takes in the same order ${filled.map(({ fillSeconds }) => spreadText([fillSeconds], ' s')).join(', ')}`,
    ],
  };
}

export const netbootLines: readonly Line[] = [
  ...crowds.map(crowdLine),
  {
    name: 'netboot-scale',
    title:
      'COMPUTED, not measured: 5,000 nodes fetch kernel, initrd and root at once, until the last has them',
    runs: 1,
    measure: forThousands,
  },
];
