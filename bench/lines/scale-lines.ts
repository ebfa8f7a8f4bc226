import { rm } from 'node:fs/promises';
import type { Bench, Line } from '../bench.ts';
import type { Series } from '../result.ts';
import { ratioOf } from '../statistics.ts';

const counts = [1, 2, 4, 8];

/** Bakes a number of clusters that differ only in their names, in one call, with an empty cache and no boot test. */
async function together(bench: Bench, count: number, runs: number): Promise<Series> {
  const { workspace } = bench;
  const specs: string[] = [];
  for (let number = 1; number <= count; number += 1)
    specs.push(await workspace.variant(`scale-${number}`, { cluster: `scale-${number}` }));
  const [spec = '', ...others] = specs;
  const store = 'store-scale';
  const cache = workspace.path('cache-scale');
  return bench.series(`${count} clusters`, runs, async (run) => {
    for (const folder of [workspace.path(store), cache]) await rm(folder, { recursive: true, force: true });
    const log = `scale-${count}-${run}.log`;
    return workspace.bake({ spec, store, log, args: ['--cache', cache, '--prepare', ...others] });
  });
}

/** Several clusters in one call, and the inner loop of a developer of images. */
export const scaleLines: readonly Line[] = [
  {
    name: 'several-clusters',
    title:
      'several clusters in one call that differ only in their names: composed, sealed and assembled, not boot-tested; pool filled, cache empty',
    runs: 1,
    slow: true,
    measure: async (bench, runs) => {
      const series: Series[] = [];
      for (const count of counts) series.push(await together(bench, count, runs));
      const [one] = series;
      const most = series.at(-1);
      return {
        series,
        ...(one === undefined || most === undefined
          ? {}
          : { ratio: ratioOf(`${most.label} / ${one.label}`, most, one) }),
        notes: ['what is the same in all of them is made once; the build guests of a role boot once'],
      };
    },
  },
  {
    name: 'fast',
    title: 'one sysctl of the spec changed: the slave for a look (--fast), and the slave published',
    runs: 1,
    slow: true,
    measure: async (bench, runs) => {
      const { workspace } = bench;
      const store = await bench.warmStore();
      const changed = (kind: string, first: number, more: readonly string[]) =>
        bench.series(kind, runs, async (run) => {
          const sysctls = { 'net.core.somaxconn': first + run };
          const spec = await workspace.variant(`fast-${first + run}`, { sysctls });
          const args = ['--role', 'slave', ...more, ...workspace.cached];
          return workspace.bake({ spec, store, log: `fast-${first + run}.log`, args });
        });
      const fast = await changed('for a look', 9000, ['--fast']);
      const published = await changed('published', 9500, []);
      return { series: [fast, published], ratio: ratioOf('for a look / published', fast, published) };
    },
  },
];
