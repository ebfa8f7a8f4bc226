import { looseArgs } from '../record/old-form.ts';
import { isFolder } from '../shared/folder-of.ts';
import type { World } from '../world.ts';

const withValue = ['key', 'threshold', 'rehearsed', 'out', 'firmware', 'role', 'pool', 'seed-key'];

/**
 * The former `ingot verify SPEC`, `verify SPEC --reproduce` and `verify DIR --boot`, which are now commands of their
 * own.
 */
export function oldVerifyForm(args: readonly string[], world: World): readonly string[] | undefined {
  const { options, positionals, without } = looseArgs(args, withValue);
  if (positionals.length === 0 || options.has('help')) return undefined;
  const ofFolders = options.has('key') || positionals.some((path) => isFolder(world, path));
  if (!ofFolders) {
    if (options.has('boot')) return undefined;
    return options.has('reproduce') ? ['reproduce', ...without(['reproduce'])] : ['boot-test', ...args];
  }
  if (options.has('boot')) return ['boot-test', ...without(['boot'])];
  // The option was accepted without effect.
  return options.has('out') && !options.has('reproduce') ? ['verify', ...without(['out'])] : undefined;
}
