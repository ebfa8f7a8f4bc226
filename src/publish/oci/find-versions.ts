import { IngotError } from '../../host/ingot-error.ts';
import type { Role } from '../../inputs/plan/plan.ts';
import { registryAddressText } from '../../oci/address.ts';
import { ociDigest } from '../../oci/descriptor.ts';
import { mediaTypes, type OciManifest, parseIndex, parseManifest } from '../../oci/manifest.ts';
import { getManifest } from '../../oci/manifests.ts';
import type { Registry } from '../../oci/registry.ts';
import { registryFailed } from '../../oci/registry-failure.ts';
import { latestName } from '../../store/latest-version.ts';
import { artifactTypes, namedInAnnotations } from './version-manifest.ts';

/** A version that a manifest in a registry says it is; nothing is verified yet. */
export interface OfferedVersion {
  readonly role: Role;
  readonly version: string;
  /** Digest of the manifest. */
  readonly digest: string;
  readonly manifest: OciManifest;
}

const nothing = (what: string, why: string): IngotError =>
  new IngotError({
    code: 'not-a-version',
    message: `${what} is not a version that ingot published: ${why}`,
    hint: 'name what ingot publish printed: oci://HOST/REPOSITORY:TAG, or with @sha256:…',
  });

function offered(what: string, bytes: Buffer): OfferedVersion {
  const manifest = parseManifest(bytes.toString());
  if (manifest?.artifactType !== artifactTypes.version)
    throw nothing(what, 'its manifest is of another type');
  const named = namedInAnnotations(manifest.annotations);
  if (named === undefined) throw nothing(what, 'its manifest names no role and version');
  return { ...named, digest: ociDigest(bytes), manifest };
}

/**
 * Finds the versions that an address leads to: those of an index, or the one of a manifest.
 * @param role only this one
 * @throws IngotError no-image if there is nothing; not-a-version if it is something else
 */
export async function findOfferedVersions(
  registry: Registry,
  role: Role | undefined,
): Promise<readonly OfferedVersion[]> {
  const { address } = registry;
  const reference = address.digest ?? address.tag ?? latestName;
  const what = registryAddressText(address);
  const found = await getManifest(registry, reference);
  if (found === undefined)
    throw new IngotError({
      code: 'no-image',
      message: `the registry has nothing at ${what}`,
      hint: `${address.repository} may have other tags; ingot publish prints the address of what it publishes`,
    });
  const index = parseIndex(found.bytes.toString());
  const versions: OfferedVersion[] = [];
  if (index === undefined) versions.push(offered(what, found.bytes));
  else
    for (const { digest, mediaType } of index.manifests) {
      if (mediaType !== mediaTypes.manifest) throw nothing(what, `it lists a ${mediaType}`);
      const stored = await getManifest(registry, digest);
      if (stored === undefined) throw registryFailed(address.host, `it has lost the manifest ${digest}`);
      versions.push(offered(`${what}: ${digest}`, stored.bytes));
    }
  const wanted = versions.filter((one) => role === undefined || one.role === role);
  if (wanted.length === 0) throw nothing(what, role === undefined ? 'it lists none' : `it has no ${role}`);
  if (new Set(wanted.map((one) => one.role)).size < wanted.length)
    throw nothing(what, 'it lists two versions of one role');
  return wanted;
}
