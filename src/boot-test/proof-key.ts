import { createHash, type KeyObject } from 'node:crypto';
import { join } from 'node:path';
import { IngotError } from '../host/ingot-error.ts';
import type { PlacedFile } from '../inputs/plan/plan.ts';
import { keyFolders } from '../inputs/plan/trusted-keys.ts';
import { requireBelieved } from '../seed/cluster-seed.ts';
import { keyId, publicHalf } from '../version/keys.ts';
import { openManifest } from '../version/read-manifest.ts';

const below = `${keyFolders['seed.keys']}/`;
const hint =
  'name the private half of one of its seed keys: --seed-key FILE, or --sign FILE if both are one key';

/**
 * @param files what the spec puts onto a node of the role
 * @throws IngotError wrong-key if an image that is to be baked would refuse the seed that it is proven with
 */
export function requireProofKey(files: readonly PlacedFile[], seedKey: KeyObject | undefined): void {
  const keys = files.filter(({ path }) => path.startsWith(below));
  if (keys.length === 0) return;
  if (seedKey !== undefined) {
    requireBelieved(keys, seedKey);
    return;
  }
  const message =
    'the images believe signed seeds alone (seed.keys), and are booted with a seed before they are published';
  throw new IngotError({ code: 'wrong-key', message, hint });
}

/** The same of a version that is there: its manifest says which keys are in it. */
export async function requireProofKeyOf(folder: string, seedKey: KeyObject | undefined): Promise<void> {
  const { lines } = await openManifest(join(folder, 'manifest.json'));
  const believed: (string | undefined)[] = [];
  for await (const line of lines) {
    // A manifest has tens of thousands of paths.
    if (line.includes(`"${below}`)) believed.push((JSON.parse(line) as { sha256?: string }).sha256);
  }
  const pem = seedKey && publicHalf(seedKey).export({ type: 'spki', format: 'pem' });
  const digest = pem === undefined ? 'none' : createHash('sha256').update(pem).digest('hex');
  if (believed.length === 0 || believed.includes(digest)) return;
  const why =
    seedKey === undefined
      ? 'there is no key to sign one with'
      : `${keyId(seedKey).slice(0, 16)}… is none of its keys`;
  throw new IngotError({
    code: 'wrong-key',
    message: `${folder} believes signed seeds alone, and ${why}: it would refuse the seed that it is booted with`,
    hint,
  });
}
