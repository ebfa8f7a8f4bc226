import { IngotError } from '../../host/ingot-error.ts';
import { signingVariable } from '../../version/key-files.ts';
import type { Signer } from '../../version/signer.ts';
import type { World } from '../world.ts';
import { type NamedSigner, signerOf } from './signer-of.ts';

/**
 * Who signs a channel or a revocation.
 * @throws IngotError wrong-key if nobody is named, and what signerOf throws
 */
export async function channelSignerOf(world: World, named: NamedSigner): Promise<Signer> {
  const signer = await signerOf(world, named);
  if (signer !== undefined) return signer;
  throw new IngotError({
    code: 'wrong-key',
    message: 'there is no key to sign with',
    hint: `name one with --sign FILE, a program with --signer COMMAND, or put its text into ${signingVariable}; ingot keygen creates one`,
  });
}
