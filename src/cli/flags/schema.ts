import type { Command as Program } from 'commander';
import type { World } from '../world.ts';
import type { Done } from './done.ts';

/** `ingot schema`: the JSON Schema of cluster.yaml. */
export function addSchema(program: Program, world: World, done: Done): void {
  program
    .command('schema')
    .description('print the JSON Schema of cluster.yaml, for editors')
    .action(async () => {
      const { schema } = await import('../commands/schema.ts');
      done(await schema(world));
    });
}
