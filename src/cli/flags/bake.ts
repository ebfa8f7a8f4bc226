import type { Command as Program } from 'commander';
import type { Role } from '../../inputs/plan/plan.ts';
import type { World } from '../world.ts';
import type { Done } from './done.ts';
import { cacheOption, poolOption, roleOption, seedKeyOption, signOption } from './shared-options.ts';

interface BakeFlags {
  readonly out: string;
  readonly role?: Role;
  readonly quiet?: true;
  readonly pool?: string;
  readonly offline?: true;
  readonly locked?: true;
  readonly release?: true;
  /** false: --no-cache. */
  readonly cache?: string | false;
  readonly cacheFrom?: string;
  readonly cacheTo?: string;
  readonly sign?: string;
  readonly seedKey?: string;
  readonly explain?: true;
  readonly json?: true;
}

/** `ingot bake`: bakes, boots and publishes. */
export function addBake(program: Program, world: World, done: Done): void {
  program
    .command('bake')
    .description('bake, boot and publish the images')
    .argument('<spec>', 'cluster.yaml')
    .option('--out <folder>', 'the output store', 'out')
    .addOption(roleOption())
    .addOption(poolOption())
    .option(
      '--locked',
      'bake from a lock that is there, as is the default, and make none for an example either',
    )
    .option('--offline', 'take packages from the pool alone, never from the network')
    .option('--release', 'compress the roots as small as a release is: minutes more, a tenth less to carry')
    .addOption(cacheOption())
    .option('--no-cache', 'make every stage, and keep none')
    .option('--cache-from <folder>', 'take stages from this cache as well; it is not written')
    .option('--cache-to <folder>', 'give this cache, at the end, what it lacks of the stages of this bake')
    .addOption(signOption())
    .addOption(seedKeyOption())
    .option('--explain', 'bake nothing; say of every stage whether it would run, and why')
    .option('--json', 'with --explain: as JSON')
    .option('--quiet', 'print only the result and errors')
    .action(async (spec: string, options: BakeFlags) => {
      if (options.json === true && options.explain !== true)
        program.error('error: --json is only for --explain');
      const { bake } = await import('../commands/bake.ts');
      done(
        await bake(world, {
          spec,
          out: options.out,
          role: options.role,
          quiet: options.quiet === true,
          pool: options.pool,
          offline: options.offline === true,
          locked: options.locked === true,
          release: options.release === true,
          cache: options.cache,
          cacheFrom: options.cacheFrom,
          cacheTo: options.cacheTo,
          sign: options.sign,
          seedKey: options.seedKey,
          explain: options.explain === true,
          json: options.json === true,
        }),
      );
    });
}
