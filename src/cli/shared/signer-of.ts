import { resolve } from 'node:path';
import { IngotError } from '../../host/ingot-error.ts';
import { signingKey } from '../../version/key-files.ts';
import { keySigner, type Signer } from '../../version/signer.ts';
import type { World } from '../world.ts';

/** Who signs, as the user named it. */
export interface NamedSigner {
  /** `--sign` or `--seed-key`: the file of a private key. */
  readonly sign?: string | undefined;
  /** `--signer`: a program that signs. */
  readonly signer?: string | undefined;
}

/**
 * Who signs: the program or the key file that the user named, else the key of the environment; undefined without any.
 * A program is run once, for its public key.
 * @throws IngotError wrong-usage if both a file and a program are named
 * @throws IngotError wrong-key for a file that is not a private key, or a program that has another kind of key
 * @throws IngotError signer-failed for a program that does not answer
 */
export async function signerOf(world: World, { sign, signer }: NamedSigner): Promise<Signer | undefined> {
  const { cwd, env, host, signal } = world;
  if (signer === undefined) {
    const key = await signingKey(sign === undefined ? undefined : resolve(cwd, sign), env);
    return key && keySigner(key);
  }
  if (sign !== undefined)
    throw new IngotError({
      code: 'wrong-usage',
      message: '--sign and --signer both say who signs: name one of them',
      hint: 'ingot sign adds the signature of another key afterwards',
    });
  const { programSigner } = await import('../../version/signer-program.ts');
  return programSigner(host, { command: signer, cwd, env, signal });
}
