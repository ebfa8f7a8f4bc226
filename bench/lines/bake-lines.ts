import { appendFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Bench, Line } from '../bench.ts';
import type { Measured, Series } from '../result.ts';
import { ratioOf } from '../statistics.ts';

/** A bake against the cold one. */
async function againstCold(bench: Bench, text: string, series: Series): Promise<Measured> {
  const cold = await bench.cold();
  return { series: [series, cold], ratio: ratioOf(`${text} / cold bake`, series, cold) };
}

/** What a cold bake takes and what it makes again, in these lines: each changes something and bakes into the warm store. */
const smallPackages = ['pv', 'tree', 'rsync', 'strace', 'lsof'];

export const bakeLines: readonly Line[] = [
  {
    name: 'cold',
    title: 'cold bake of both roles to booted, asked, published images; pool warm, cache empty',
    runs: 2,
    slow: true,
    measure: async (bench, runs) => ({ series: [await bench.measureCold(runs)] }),
  },
  {
    name: 'node-memory',
    title: 'the most memory that the Node process of a cold bake holds',
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
    title: 'a bake of what is baked already',
    target: { of: 'value', atMost: 0.3 },
    runs: 10,
    slow: true,
    measure: async (bench, runs) => {
      const { workshop } = bench;
      const store = await bench.warmStore();
      const spec = await workshop.spec();
      const series = await bench.series('unchanged bake', runs, () =>
        workshop.bake({ spec, store, log: 'unchanged.log', args: workshop.cached }),
      );
      return againstCold(bench, 'unchanged', series);
    },
  },
  {
    name: 'spec-file',
    title: 'one configuration file and one sysctl of the spec changed, both roles, to published images',
    target: { of: 'ratio', atMost: 0.25 },
    runs: 1,
    slow: true,
    measure: async (bench, runs) => {
      const { workshop } = bench;
      const store = await bench.warmStore();
      const series = await bench.series('spec file changed', runs, async (run) => {
        const content = `changed ${run}\n`;
        const spec = await workshop.variant(`spec-file-${run}`, {
          files: [{ path: '/etc/ingot-bench', content }],
          sysctls: { 'net.core.somaxconn': 8192 + run },
        });
        return workshop.bake({ spec, store, log: `spec-file-${run}.log`, args: workshop.cached });
      });
      return againstCold(bench, 'file of the spec changed', series);
    },
  },
  {
    name: 'image-file',
    title: 'one configuration file of images/common changed, both roles, to published images',
    target: { of: 'ratio', atMost: 0.25 },
    runs: 1,
    slow: true,
    measure: async (bench, runs) => {
      const { workshop } = bench;
      const store = await bench.warmStore();
      const spec = await workshop.spec();
      const file = join(await workshop.ingot(), 'images/common/rootfs/etc/chrony/chrony.conf');
      const series = await bench.series('image file changed', runs, async (run) => {
        await appendFile(file, `# changed ${run}\n`);
        return workshop.bake({ spec, store, log: `image-file-${run}.log`, args: workshop.cached });
      });
      return againstCold(bench, 'file of images/ changed', series);
    },
  },
  {
    name: 'package',
    title: 'one small package more on every node, both roles, to published images; its lock is made before',
    runs: 1,
    slow: true,
    measure: async (bench, runs) => {
      const { workshop } = bench;
      const store = await bench.warmStore();
      const series = await bench.series(
        'package added',
        Math.min(runs, smallPackages.length),
        async (run) => {
          const spec = await workshop.variant(`package-${run}`, {
            packages: smallPackages.slice(run - 1, run),
          });
          return workshop.bake({ spec, store, log: `package-${run}.log`, args: workshop.cached });
        },
      );
      return againstCold(bench, 'package added', series);
    },
  },
  {
    name: 'slave-only',
    title: 'the slave alone, every stage of it, proven against the master of the store',
    runs: 1,
    slow: true,
    measure: async (bench, runs) => {
      const { workshop } = bench;
      const store = await bench.warmStore();
      const spec = await workshop.spec();
      const series = await bench.series('slave only', runs, (run) =>
        workshop.bake({ spec, store, log: `slave-only-${run}.log`, args: ['--role', 'slave', '--no-cache'] }),
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
      const { workshop } = bench;
      await bench.warmStore();
      const spec = await workshop.spec();
      const series = await bench.series('four roles at once', runs, async (run) => {
        const both = await Promise.all(
          ['first', 'second'].map((name) =>
            workshop.bake({
              spec,
              store: `store-${name}`,
              log: `four-${run}-${name}.log`,
              args: ['--no-cache'],
            }),
          ),
        );
        return { sample: togetherOf(both.map(({ sample }) => sample)) };
      });
      return againstCold(bench, 'four roles', series);
    },
  },
];

/** Two processes at once: as long as the longer, CPU of both, the greater memory. */
function togetherOf(samples: readonly Series['samples'][number][]): Series['samples'][number] {
  const most = (values: readonly number[]) => Math.max(0, ...values);
  return {
    value: most(samples.map(({ value }) => value)),
    cpuSeconds: samples.reduce((sum, { cpuSeconds }) => sum + (cpuSeconds ?? 0), 0),
    nodeMiB: most(samples.map(({ nodeMiB }) => nodeMiB ?? 0)),
    largestMiB: most(samples.map(({ largestMiB }) => largestMiB ?? 0)),
  };
}
