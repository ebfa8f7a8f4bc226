import type { VerifiedAirGap } from '../../air-gap/read-air-gap.ts';
import type { bundleVerifyShape } from '../shapes/bundle-shapes.ts';
import type { DocumentOf } from '../shared/json-text.ts';

/** What a verified bundle contains, for people. */
export function verifiedBundleText({ record, files, bytes, signedBy }: VerifiedAirGap): string {
  const signed = signedBy.length === 0 ? 'no signature was checked' : `signed by ${signedBy.join(', ')}`;
  return [
    ...record.versions.map(
      ({ role, version, rootHash }) => `${role.padEnd(6)}  ${version}, root hash ${rootHash}`,
    ),
    `${files} files, ${(bytes / 1e6).toFixed(0)} MB, ${record.packages} packages of the lock; ${signed}`,
    '',
  ].join('\n');
}

/** The same as a document. */
export const verifiedDocument = (
  { record, files, bytes, signedBy }: VerifiedAirGap,
  file: string,
): DocumentOf<typeof bundleVerifyShape> => ({ ...record, file, files, bytes, signedBy });
