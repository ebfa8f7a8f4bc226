import type { Command as Program } from 'commander';
import type { World } from '../world.ts';
import type { Done } from './done.ts';
import { cacheOption } from './shared-options.ts';

interface GcFlags {
  readonly out: string;
  readonly cache?: string;
  readonly maxSize?: string;
  readonly keepVersions?: string;
  readonly dryRun?: true;
}

/** `ingot gc`: bounds for the cache and the store. */
export function addGc(program: Program, world: World, done: Done): void {
  program
    .command('gc')
    .description('keep the cache of stages within its bound, and old versions out of the store')
    .addOption(cacheOption())
    .option('--max-size <size>', 'what the cache may take (default: INGOT_CACHE_SIZE, else 20GiB)')
    .option(
      '--keep-versions <number>',
      'keep so many versions of each role in the store, and remove the others',
    )
    .option('--out <folder>', 'with --keep-versions: the output store', 'out')
    .option('--dry-run', 'remove nothing; say what would be freed')
    .action(async (options: GcFlags) => {
      const { gc } = await import('../commands/gc.ts');
      const { out, cache: folder, maxSize, keepVersions } = options;
      done(await gc(world, { out, cache: folder, maxSize, keepVersions, dryRun: options.dryRun === true }));
    });
}
