import type { Command as Program } from 'commander';
import type { World } from '../world.ts';
import type { Done } from './done.ts';
import { poolOption } from './shared-options.ts';

interface LockFlags {
  readonly check?: true;
  readonly update?: true | string[];
  readonly export?: string;
  readonly import?: string;
  readonly pool?: string;
  readonly quiet?: true;
}

/** `ingot lock`: the lock and the pool. */
export function addLock(program: Program, world: World, done: Done): void {
  program
    .command('lock')
    .description('fix every package of both roles in a lock beside the spec, and fill the pool with them')
    .argument('<spec>', 'cluster.yaml')
    .option('--check', 'only say what the spec asks that the lock does not answer (exit 3 if anything)')
    .option('--update [packages...]', 'take the newest of all packages, or of these and what they force')
    .option('--export <file>', 'write the lock and all its files into one archive')
    .option(
      '--import <file>',
      'take the lock and its files from such an archive, beside the spec and into the pool',
    )
    .addOption(poolOption())
    .option('--quiet', 'print only errors')
    .action(async (spec: string, options: LockFlags) => {
      const { lock } = await import('../commands/lock.ts');
      done(
        await lock(world, {
          spec,
          check: options.check === true,
          update: options.update === true ? 'all' : options.update,
          export: options.export,
          import: options.import,
          pool: options.pool,
          quiet: options.quiet === true,
        }),
      );
    });
}
