import type { Command as Program } from 'commander';
import type { World } from '../world.ts';
import type { Done } from './done.ts';
import { wholeNumber } from './whole-number.ts';

interface BenchFlags {
  readonly only?: string[];
  readonly runs?: number;
  readonly out: string;
  readonly page?: string;
  readonly bound: number;
  readonly list?: true;
  readonly quick?: true;
  readonly keep?: true;
  readonly json?: true;
}

/** `ingot bench`: measuring. */
export function addBench(program: Program, world: World, done: Done): void {
  program
    .command('bench')
    .description('measure ingot against what else there is, and keep the results')
    .argument('<spec>', 'cluster.yaml')
    .option('--only <lines...>', 'measure only these lines; the others keep their earlier results')
    .option(
      '--runs <number>',
      'measure each line so often (default: as often as the line says)',
      wholeNumber(1, 999_999),
    )
    .option('--out <folder>', 'where the results are kept, and all that is made meanwhile', 'out/bench')
    .option('--page <file>', 'a Markdown page with the markers of the bench, which gets the table')
    .option(
      '--bound <minutes>',
      'the most that plain Packer or live-build may take',
      wholeNumber(1, 999_999),
      45,
    )
    .option('--quick', 'only the lines that take seconds')
    .option('--keep', 'keep the folder with the baked images, for a later --only')
    .option('--list', 'only say which lines there are')
    .option('--json', 'print the results as JSON')
    .action(async (spec: string, options: BenchFlags) => {
      const { bench } = await import('../commands/bench.ts');
      done(
        await bench(world, {
          spec,
          out: options.out,
          only: options.only,
          runs: options.runs,
          boundMinutes: options.bound,
          page: options.page,
          list: options.list === true,
          quick: options.quick === true,
          keep: options.keep === true,
          json: options.json === true,
        }),
      );
    });
}
