import type { KeyObject } from 'node:crypto';
import { resolve } from 'node:path';
import { signingKey } from '../../version/key-files.ts';
import type { World } from '../world.ts';

/**
 * The key to sign with: from the file that the user named, else from the environment; undefined without either.
 * @throws IngotError wrong-key for a file that is not a private key
 */
export function keyOf({ cwd, env }: World, file: string | undefined): Promise<KeyObject | undefined> {
  return signingKey(file === undefined ? undefined : resolve(cwd, file), env);
}
