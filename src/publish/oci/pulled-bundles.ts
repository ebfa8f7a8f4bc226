import type { KeyObject } from 'node:crypto';
import { lstat, mkdir, rename, rm, writeFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { ociDigest } from '../../oci/descriptor.ts';
import { checkBundlesOfKey } from '../../version/sigstore/check-sigstore.ts';
import { sigstoreType } from '../../version/sigstore/sigstore-bundle.ts';
import { bundleEnding, isKeyFolder, signaturesFolder } from '../../version/sigstore/write-sigstore.ts';
import { parseSums, sumsName } from '../../version/sums.ts';
import { artifactTypes } from './version-manifest.ts';

/** Whether a type of an artifact is that of Sigstore bundles, of ingot or of others. */
export const isBundleType = (artifactType: string): boolean =>
  artifactType === artifactTypes.bundles || artifactType === sigstoreType;

/** Whether a document of a registry is a Sigstore bundle that ingot has published, by its type and path. */
export function isPulledBundle({
  name,
  artifactType,
}: {
  readonly name: string;
  readonly artifactType: string;
}): boolean {
  const [key = ''] = name.split('/');
  return isBundleType(artifactType) && isKeyFolder(key) && name.endsWith(bundleEnding);
}

/** The folder in which bundles are put together. */
export const pulledBundlesFolder = (folder: string): string =>
  join(dirname(folder), `.${basename(folder)}.signatures.pulled-${process.pid}`);

/**
 * Writes the Sigstore bundles of a version next to it. Those of a key are written only if all of them fit the version; what
 * is there stays.
 * @param bundles KEY/PATH → bytes
 * @param left called with a sentence for each key whose bundles were left out
 */
export async function writePulledBundles(
  version: { readonly folder: string; readonly sums: Buffer; readonly keys: readonly KeyObject[] },
  bundles: ReadonlyMap<string, Buffer>,
  left: (why: string) => void,
): Promise<void> {
  const { folder, sums, keys } = version;
  const next = pulledBundlesFolder(folder);
  const listed = parseSums(sums.toString()) ?? new Map<string, string>();
  const digests = new Map([...listed, [sumsName, ociDigest(sums).replace('sha256:', '')]]);
  try {
    for (const [path, bytes] of bundles) {
      await mkdir(dirname(join(next, path)), { recursive: true });
      await writeFile(join(next, path), bytes);
    }
    for (const key of new Set([...bundles.keys()].map((path) => path.split('/')[0] ?? ''))) {
      const target = join(signaturesFolder(folder), key);
      if ((await lstat(target).catch(() => undefined)) !== undefined) continue;
      const [problem] = (await checkBundlesOfKey(join(next, key), { folder, digests, keys })).problems;
      if (problem !== undefined) {
        left(`Sigstore bundles of ${basename(folder)} are not kept: ${problem.file} ${problem.why}`);
        continue;
      }
      await mkdir(signaturesFolder(folder), { recursive: true });
      await rename(join(next, key), target);
    }
  } finally {
    await rm(next, { recursive: true, force: true });
  }
}
