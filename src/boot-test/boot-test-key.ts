import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { IngotError } from '../host/ingot-error.ts';
import type { PlacedFile } from '../inputs/plan/plan.ts';
import { keyFolders } from '../inputs/plan/trusted-keys.ts';
import { requireTrusted } from '../seed/cluster-seed.ts';
import { openManifest } from '../version/read-manifest.ts';
import type { Signer } from '../version/signer.ts';

const below = `${keyFolders['seed.keys']}/`;
const hint =
  'name the private half of one of its seed keys: --seed-key FILE, or --sign FILE if both are one key';

/**
 * Requires a key that the images to be baked will accept for the seed of the boot test.
 * @param files the files that the spec puts onto a node of the role
 * @throws IngotError wrong-key if an image would refuse the seed of the boot test
 */
export function requireBootTestKey(files: readonly PlacedFile[], seedKey: Signer | undefined): void {
  const keys = files.filter(({ path }) => path.startsWith(below));
  if (keys.length === 0) return;
  if (seedKey !== undefined) {
    requireTrusted(keys, seedKey);
    return;
  }
  const message =
    'the images accept only signed seeds (seed.keys), and the boot test before publishing needs a signed seed';
  throw new IngotError({ code: 'wrong-key', message, hint });
}

/**
 * As requireBootTestKey, for a published version, whose manifest lists the keys.
 * @throws IngotError wrong-key if the image would refuse the seed of the boot test
 */
export async function requireBootTestKeyOf(folder: string, seedKey: Signer | undefined): Promise<void> {
  const { lines } = await openManifest(join(folder, 'manifest.json'));
  const imageKeys: (string | undefined)[] = [];
  for await (const line of lines) {
    // A manifest has tens of thousands of paths.
    if (line.includes(`"${below}`)) imageKeys.push((JSON.parse(line) as { sha256?: string }).sha256);
  }
  const pem = seedKey && seedKey.publicKey.export({ type: 'spki', format: 'pem' });
  const digest = pem === undefined ? 'none' : createHash('sha256').update(pem).digest('hex');
  if (imageKeys.length === 0 || imageKeys.includes(digest)) return;
  const why =
    seedKey === undefined
      ? 'no key was given to sign the seed with'
      : `${seedKey.keyId.slice(0, 16)}… is not one of its keys`;
  throw new IngotError({
    code: 'wrong-key',
    message: `${folder} accepts only signed seeds, and ${why}: it would refuse the seed of the boot test`,
    hint,
  });
}
