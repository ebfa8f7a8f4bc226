import { IngotError } from '../../host/ingot-error.ts';
import { isFolder } from '../shared/folder-of.ts';
import type { World } from '../world.ts';
import type { BootTestInput } from './options.ts';

/** ingot boot-test: boots versions as a small cluster and runs their checks; exit 1 if one fails. */
export async function bootTest(world: World, input: BootTestInput): Promise<number> {
  const { what, key } = input;
  if (key !== undefined) {
    const { bootFolders } = await import('./boot-folders.ts');
    return bootFolders(world, { ...input, keys: key });
  }
  const [spec = ''] = what;
  if (isFolder(world, spec))
    throw new IngotError({
      code: 'wrong-usage',
      message: `${spec} is a version folder, and no public key was given`,
      hint: 'a version is booted only if it is as it was signed: name the key with --key FILE',
    });
  const { bootSpec } = await import('./boot-spec.ts');
  return bootSpec(world, { ...input, spec });
}
