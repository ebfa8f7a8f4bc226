import type { Command as Program } from 'commander';
import type { World } from '../world.ts';
import type { Done } from './done.ts';
import { signOption } from './shared-options.ts';

interface SeedFlags {
  readonly into: string;
  readonly sign?: string;
  readonly url?: string;
  readonly json?: true;
}

/** `ingot seed`: what all nodes of a cluster are told at their start. */
export function addSeed(program: Program, world: World, done: Done): void {
  program
    .command('seed')
    .description('make the seed of the cluster: the one text that all its nodes boot with, in every form')
    .argument('<spec>', 'cluster.yaml')
    .option('--into <folder>', 'the folder to make or renew', 'seed')
    .addOption(signOption())
    .option('--url <url>', 'where the folder lies on a web server, for the kernel argument of netboot')
    .option('--json', 'print what was made as JSON')
    .action(async (spec: string, { into, sign, url, json }: SeedFlags) => {
      const { seed } = await import('../commands/seed.ts');
      done(await seed(world, { spec, into, sign, url, json: json === true }));
    });
}
