import type { KeyObject } from 'node:crypto';
import { join } from 'node:path';
import type { Host } from '../../host/host.ts';
import { IngotError } from '../../host/ingot-error.ts';
import type { NamedVersion } from '../../store/named-versions.ts';
import { checkCopies } from '../../version/check-copies.ts';
import type { FileProblem } from '../../version/check-sums.ts';
import { wrongSignature } from '../../version/dsse.ts';
import { readSignatures } from '../../version/signatures.ts';
import { smallFile } from '../../version/small-file.ts';
import { signatureName, sumsName } from '../../version/sums.ts';
import { verifyVersion } from '../../version/verify-version.ts';
import type { Objection } from './promotion-policy.ts';

export interface PromotionVerification {
  readonly keys: readonly KeyObject[];
  readonly signal: AbortSignal;
  /** Called with each path before it is read. */
  readonly onFile?: (path: string) => void;
}

function altered(folder: string, problems: readonly FileProblem[]): IngotError {
  return new IngotError({
    code: 'damaged-version',
    message: `${folder} is not as it was published, and was not promoted:`,
    excerpt: problems.map(({ file, why }) => `${file} ${why}`),
    hint: 'nothing allows this: remove the version from the store, and bake or copy it again',
  });
}

/** Why no key that was named vouches for a version; undefined if one does, or if the signature is damaged. */
async function whyUnsigned(folder: string, keys: readonly KeyObject[]): Promise<string | undefined> {
  const envelope = await readSignatures(folder);
  if (envelope === 'none') return 'it is not signed';
  if (envelope === 'damaged') return undefined;
  const wrong = keys.map((key) => wrongSignature(envelope, key));
  const byOthers = wrong.every((why) => why?.startsWith('is not signed by') === true);
  return byOthers ? `it ${wrong[0] ?? 'is not signed by a key that was named'}` : undefined;
}

/**
 * Reads every file of a version. One that was altered is never promoted; one that nobody signed may be allowed.
 * @returns why it counts as not verified; empty if a key signed it
 * @throws IngotError damaged-version if its files differ from its SHA256SUMS or do not belong together
 */
export async function verifyForPromotion(
  host: Host,
  { folder }: NamedVersion,
  { keys, signal, onFile }: PromotionVerification,
): Promise<readonly Objection[]> {
  const unsigned = await whyUnsigned(folder, keys);
  if (unsigned === undefined) {
    const more = onFile === undefined ? {} : { onFile };
    const { problems } = await verifyVersion(host, folder, { keys, signal, ...more });
    if (problems.length > 0) throw altered(folder, problems);
    return [];
  }
  const payload = await smallFile(join(folder, sumsName));
  if (payload === undefined) throw altered(folder, [{ file: sumsName, why: 'is missing' }]);
  const problems = await checkCopies(host, folder, payload, signal);
  if (problems.length > 0) throw altered(folder, problems);
  return [{ why: `${unsigned} (${signatureName})`, allowedBy: 'unverified' }];
}
