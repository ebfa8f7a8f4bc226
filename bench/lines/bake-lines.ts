import { appendFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Bench, Line } from '../bench.ts';
import type { Measured, Series } from '../result.ts';
import { ratioOf } from '../statistics.ts';

/** Compares a bake with the cold bake. */
async function againstCold(bench: Bench, text: string, series: Series): Promise<Measured> {
  const cold = await bench.cold();
  return { series: [series, cold], ratio: ratioOf(`${text} / cold bake`, series, cold) };
}

/** Packages without many dependencies; each run of the line "package" adds another one. */
const smallPackages = ['pv', 'tree', 'rsync', 'strace', 'lsof'];

/** The cold bake, and bakes after a change, which go into the store of the cold bake. */
export const bakeLines: readonly Line[] = [
  {
    name: 'cold',
    title: 'cold bake of both roles, up to boot-tested and published images; pool filled, cache empty',
    runs: 2,
    slow: true,
    measure: async (bench, runs) => ({ series: [await bench.measureCold(runs)] }),
  },
  {
    name: 'node-memory',
    title: 'peak memory of the Node.js process of a cold bake',
    target: { of: 'value', atMost: 200 },
    runs: 1,
    slow: true,
    measure: async (bench) => {
      const { samples } = await bench.cold();
      const held = samples.flatMap(({ nodeMiB }) => (nodeMiB === undefined ? [] : [{ value: nodeMiB }]));
      return { series: [{ label: 'Node process', unit: 'MiB', samples: held }] };
    },
  },
  {
    name: 'unchanged',
    title: 'a bake with unchanged inputs',
    target: { of: 'value', atMost: 0.3 },
    runs: 10,
    slow: true,
    measure: async (bench, runs) => {
      const { workspace } = bench;
      const store = await bench.warmStore();
      const spec = await workspace.spec();
      const series = await bench.series('unchanged bake', runs, () =>
        workspace.bake({ spec, store, log: 'unchanged.log', args: workspace.cached }),
      );
      return againstCold(bench, 'unchanged', series);
    },
  },
  {
    name: 'spec-file',
    title: 'one configuration file and one sysctl of the spec changed; both roles, up to published images',
    target: { of: 'ratio', atMost: 0.25 },
    runs: 1,
    slow: true,
    measure: async (bench, runs) => {
      const { workspace } = bench;
      const store = await bench.warmStore();
      const series = await bench.series('spec file changed', runs, async (run) => {
        const content = `changed ${run}\n`;
        const spec = await workspace.variant(`spec-file-${run}`, {
          files: [{ path: '/etc/ingot-bench', content }],
          sysctls: { 'net.core.somaxconn': 8192 + run },
        });
        return workspace.bake({ spec, store, log: `spec-file-${run}.log`, args: workspace.cached });
      });
      return againstCold(bench, 'file of the spec changed', series);
    },
  },
  {
    name: 'image-file',
    title: 'one configuration file of images/common changed; both roles, up to published images',
    target: { of: 'ratio', atMost: 0.25 },
    runs: 1,
    slow: true,
    measure: async (bench, runs) => {
      const { workspace } = bench;
      const store = await bench.warmStore();
      const spec = await workspace.spec();
      const file = join(await workspace.ingot(), 'images/common/rootfs/etc/chrony/chrony.conf');
      const series = await bench.series('image file changed', runs, async (run) => {
        await appendFile(file, `# changed ${run}\n`);
        return workspace.bake({ spec, store, log: `image-file-${run}.log`, args: workspace.cached });
      });
      return againstCold(bench, 'file of images/ changed', series);
    },
  },
  {
    name: 'package',
    title:
      'one small package added to every node; both roles, up to published images; its lock is generated before',
    runs: 1,
    slow: true,
    measure: async (bench, runs) => {
      const { workspace } = bench;
      const store = await bench.warmStore();
      const series = await bench.series(
        'package added',
        Math.min(runs, smallPackages.length),
        async (run) => {
          const spec = await workspace.variant(`package-${run}`, {
            packages: smallPackages.slice(run - 1, run),
          });
          return workspace.bake({ spec, store, log: `package-${run}.log`, args: workspace.cached });
        },
      );
      return againstCold(bench, 'package added', series);
    },
  },
  {
    name: 'slave-only',
    title: 'only the slave, with all its stages, boot-tested with the master of the store',
    runs: 1,
    slow: true,
    measure: async (bench, runs) => {
      const { workspace } = bench;
      const store = await bench.warmStore();
      const spec = await workspace.spec();
      const series = await bench.series('slave only', runs, (run) =>
        workspace.bake({
          spec,
          store,
          log: `slave-only-${run}.log`,
          args: ['--role', 'slave', '--no-cache'],
        }),
      );
      return againstCold(bench, 'slave only', series);
    },
  },
  {
    name: 'growth-roles',
    title: 'four roles: two clusters baked at once, each with both roles',
    runs: 1,
    slow: true,
    measure: async (bench, runs) => {
      const { workspace } = bench;
      await bench.warmStore();
      const spec = await workspace.spec();
      const series = await bench.series('four roles at once', runs, async (run) => {
        const both = await Promise.all(
          ['first', 'second'].map((name) =>
            workspace.bake({
              spec,
              store: `store-${name}`,
              log: `four-${run}-${name}.log`,
              args: ['--no-cache'],
            }),
          ),
        );
        return { sample: combined(both.map(({ sample }) => sample)) };
      });
      return againstCold(bench, 'four roles', series);
    },
  },
];

/** The sample of processes that ran at the same time: the longest time, the sum of CPU time, the largest memory. */
function combined(samples: readonly Series['samples'][number][]): Series['samples'][number] {
  const most = (values: readonly number[]) => Math.max(0, ...values);
  return {
    value: most(samples.map(({ value }) => value)),
    cpuSeconds: samples.reduce((sum, { cpuSeconds }) => sum + (cpuSeconds ?? 0), 0),
    nodeMiB: most(samples.map(({ nodeMiB }) => nodeMiB ?? 0)),
    largestMiB: most(samples.map(({ largestMiB }) => largestMiB ?? 0)),
  };
}
