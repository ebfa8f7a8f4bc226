import { sign } from 'node:crypto';
import type { ChannelSigner } from '../../channel/signed-text.ts';
import { IngotError } from '../../host/ingot-error.ts';
import { signingVariable } from '../../version/key-files.ts';
import { keyId, publicHalf } from '../../version/keys.ts';
import type { World } from '../world.ts';
import { keyOf } from './key-of.ts';

/**
 * Who signs channels and revocations.
 * @throws IngotError wrong-key if no key is named, or it is not a private key
 */
export async function channelSignerOf(world: World, file: string | undefined): Promise<ChannelSigner> {
  const key = await keyOf(world, file);
  if (key === undefined) {
    const hint = `name one with --sign FILE, or put its text into ${signingVariable}; ingot keygen creates one`;
    throw new IngotError({ code: 'wrong-key', message: 'there is no key to sign with', hint });
  }
  return {
    keyId: keyId(key),
    publicKey: publicHalf(key),
    sign: (payload) => Promise.resolve(sign(null, payload, key)),
  };
}
