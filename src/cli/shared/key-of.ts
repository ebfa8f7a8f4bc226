import type { KeyObject } from 'node:crypto';
import { resolve } from 'node:path';
import { signingKey } from '../../version/key-files.ts';
import type { World } from '../world.ts';

/**
 * The key to sign with: that of the file, as the user named it, else the text in the environment, else none.
 * @throws IngotError wrong-key for a file that holds no private key
 */
export function keyOf({ cwd, env }: World, file: string | undefined): Promise<KeyObject | undefined> {
  return signingKey(file === undefined ? undefined : resolve(cwd, file), env);
}
