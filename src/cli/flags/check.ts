import type { Command as Program } from 'commander';
import type { World } from '../world.ts';
import type { Done } from './done.ts';

/** `ingot check`: what would be baked, or every error of the spec. */
export function addCheck(program: Program, world: World, done: Done): void {
  program
    .command('check')
    .description('say what would be baked, or every error of the spec')
    .argument('<spec>', 'cluster.yaml')
    .option('--json', 'print the plan as JSON')
    .action(async (spec: string, options: { json?: true }) => {
      const { check } = await import('../commands/check.ts');
      done(await check(world, { spec, json: options.json === true }));
    });
}
