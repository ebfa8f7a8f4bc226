import type { Command as Program } from 'commander';
import type { World } from '../world.ts';
import type { Done } from './done.ts';

/** `ingot render`: everything that a bake generates. */
export function addRender(program: Program, world: World, done: Done): void {
  program
    .command('render')
    .description('write everything that a bake generates from the spec, for reading and review')
    .argument('<spec>', 'cluster.yaml')
    .requiredOption('--out <folder>', 'where to write')
    .option('--diff', 'write nothing; show what would change in the folder (exit 3 if anything)')
    .action(async (spec: string, options: { out: string; diff?: true }) => {
      const { render } = await import('../commands/render.ts');
      done(await render(world, { spec, out: options.out, diff: options.diff === true }));
    });
}
