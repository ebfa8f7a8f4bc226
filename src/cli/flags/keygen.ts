import type { Command as Program } from 'commander';
import type { World } from '../world.ts';
import type { Done } from './done.ts';

/** `ingot keygen`: makes a key to sign with. */
export function addKeygen(program: Program, world: World, done: Done): void {
  program
    .command('keygen')
    .description('make a key to sign images or seeds with: NAME.pem (keep it secret) and NAME.pub.pem')
    .argument('[name]', 'path of the files without .pem', 'release')
    .action(async (name: string) => {
      const { keygen } = await import('../commands/keygen.ts');
      done(await keygen(world, name));
    });
}
