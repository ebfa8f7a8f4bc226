import type { Command as Program } from 'commander';
import type { World } from '../world.ts';
import type { Done } from './done.ts';

/** `ingot doctor`: whether this host has what a bake needs. */
export function addDoctor(program: Program, world: World, done: Done): void {
  program
    .command('doctor')
    .description('look whether this host has what a bake needs')
    .action(async () => {
      const { doctor } = await import('../commands/doctor.ts');
      done(await doctor(world));
    });
}
