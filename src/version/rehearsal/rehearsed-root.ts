import { join } from 'node:path';
import { smallFile } from '../small-file.ts';
import { sumsName } from '../sums.ts';
import type { VersionReport } from '../verify-version.ts';
import type { RehearsedRoot } from './rehearsals.ts';

/**
 * The identity of a version without problems, as statements about it have to name it. The digest is that of its
 * SHA256SUMS, which was verified.
 */
export async function rehearsedRoot({
  folder,
  role = '',
  version = '',
  rootHash = '',
}: VersionReport): Promise<RehearsedRoot> {
  const sums = (await smallFile(join(folder, sumsName)))?.toString() ?? '';
  return { role, version, rootHash, rootSha256: /^([0-9a-f]{64}) {2}root\.squashfs$/m.exec(sums)?.[1] ?? '' };
}
