import { type Command as Program, Option } from 'commander';
import type { DiffFormat } from '../commands/diff.ts';
import type { World } from '../world.ts';
import type { Done } from './done.ts';
import { poolOption } from './shared-options.ts';

interface DiffFlags {
  readonly out: string;
  readonly pool?: string;
  readonly format: DiffFormat;
  readonly all?: true;
}

/** `ingot diff`: what two versions, or two locks, have otherwise. */
export function addDiff(program: Program, world: World, done: Done): void {
  program
    .command('diff')
    .description(
      'say how two versions differ: packages with their security fixes, files, configuration, units, kernel, sizes (exit 3 if they do)',
    )
    .argument('<before>', 'a version: its folder, or its name in the store (slave/latest); or a lock file')
    .argument('<after>', 'what it is compared with')
    .option('--out <folder>', 'the output store', 'out')
    .addOption(poolOption())
    .addOption(
      new Option('--format <format>', 'markdown: release notes; html: one file that loads nothing')
        .choices(['text', 'markdown', 'json', 'html'])
        .default('text'),
    )
    .option('--all', 'every path, package size and CVE number, instead of the first 20 (json has all)')
    .action(async (before: string, after: string, options: DiffFlags) => {
      const { diff } = await import('../commands/diff.ts');
      const { out, pool, format, all } = options;
      done(await diff(world, { before, after, out, pool, format, all: all === true }));
    });
}
