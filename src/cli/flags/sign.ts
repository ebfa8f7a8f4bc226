import type { Command as Program } from 'commander';
import type { World } from '../world.ts';
import type { Done } from './done.ts';
import { signOption } from './shared-options.ts';

/** `ingot sign`: signs what is in the store. */
export function addSign(program: Program, world: World, done: Done): void {
  program
    .command('sign')
    .description('sign versions that are in the store, after reading all of them')
    .argument('<folders...>', 'version folders, e.g. out/master/latest')
    .addOption(signOption())
    .action(async (folders: string[], options: { readonly sign?: string }) => {
      const { sign } = await import('../commands/sign.ts');
      done(await sign(world, { folders, key: options.sign }));
    });
}
