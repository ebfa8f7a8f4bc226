import type { Role } from '../../inputs/plan/plan.ts';
import { isRole } from '../../inputs/roles.ts';
import { describe, type Descriptor } from '../../oci/descriptor.ts';
import { emptyConfig, manifestBytes, mediaTypes, type OciManifest } from '../../oci/manifest.ts';
import type { BootRecord } from '../../version/boot-record.ts';
import { isVersionName } from '../../version/version-name.ts';

/** Kinds of artifacts that ingot pushes. */
export const artifactTypes = {
  /** One version: all of its files. */
  version: 'application/vnd.ingot.version.v1',
  /** An index with a version of each role. */
  versions: 'application/vnd.ingot.versions.v1',
  /** Signed pointers of channels, and the list of revoked versions. */
  channels: 'application/vnd.ingot.channels.v1',
  /** The signatures over SHA256SUMS. */
  signatures: 'application/vnd.ingot.signatures.v1',
  /** The Sigstore bundles of all files by one key. */
  bundles: 'application/vnd.ingot.bundles.v1',
  /** A signed statement about a rehearsal. */
  rehearsal: 'application/vnd.ingot.rehearsal.v1',
} as const;

/** The annotation with the path of a file; oras and others write the file there. */
export const titleAnnotation = 'org.opencontainers.image.title';

const own = {
  role: 'vnd.ingot.role',
  version: 'vnd.ingot.version',
  rootHash: 'vnd.ingot.root-hash',
  cluster: 'vnd.ingot.cluster',
  production: 'vnd.ingot.production',
} as const;

/** The annotations of a version, by which people and policies find it in a registry. */
export function versionAnnotations(boot: BootRecord): Record<string, string> {
  const { role, version, rootHash } = boot;
  const origin =
    boot.schema === 1
      ? {}
      : {
          'org.opencontainers.image.created': boot.date,
          [own.cluster]: boot.cluster,
          [own.production]: String(boot.production),
        };
  return {
    'org.opencontainers.image.version': version,
    ...{ [own.role]: role, [own.version]: version, [own.rootHash]: rootHash },
    ...origin,
  };
}

/** The role and version that annotations name; undefined if they do not. Nothing proves that they are true. */
export function namedInAnnotations(
  annotations: Readonly<Record<string, string>> | undefined,
): { readonly role: Role; readonly version: string } | undefined {
  const [role, version] = [annotations?.[own.role], annotations?.[own.version]];
  return isRole(role) && version !== undefined && isVersionName(version) ? { role, version } : undefined;
}

/** A file of a version as a layer. */
export interface FileLayer {
  /** Relative to the version folder. */
  readonly path: string;
  readonly sha256: string;
  /** Bytes. */
  readonly size: number;
}

/** The media type of a file of a version. */
export function mediaTypeOf(path: string): string {
  if (path === 'sbom.cdx.json') return 'application/vnd.cyclonedx+json';
  if (path.endsWith('.spdx.json')) return 'application/spdx+json';
  return path.endsWith('.json') ? 'application/json' : 'application/octet-stream';
}

/** The descriptor of a file that other tools write to its path. */
export function fileDescriptor({ path, sha256, size }: FileLayer, mediaType = mediaTypeOf(path)): Descriptor {
  return { mediaType, digest: `sha256:${sha256}`, size, annotations: { [titleAnnotation]: path } };
}

/** The bytes of a version's manifest; the same version always has the same. */
export function versionManifest(boot: BootRecord, files: readonly FileLayer[]): Buffer {
  return manifestBytes(describe(mediaTypes.empty, emptyConfig), {
    artifactType: artifactTypes.version,
    layers: files.map((file) => fileDescriptor(file)),
    annotations: versionAnnotations(boot),
  });
}

/** A path that is safe below any folder: no step upwards, nothing hidden, no other characters than ingot's files have. */
const safePath = /^[A-Za-z0-9][A-Za-z0-9._-]*(?:\/[A-Za-z0-9][A-Za-z0-9._-]*)*$/;

/**
 * The files in a manifest.
 * @returns undefined if a layer has no path, an unsafe one, or that of another layer
 */
export function filesOf({ layers }: Pick<OciManifest, 'layers'>): FileLayer[] | undefined {
  const files = layers.map(({ digest, size, annotations }) => ({
    path: annotations?.[titleAnnotation] ?? '',
    sha256: digest.replace(/^sha256:/, ''),
    size,
  }));
  const paths = new Set(files.map(({ path }) => path));
  return paths.size === files.length && files.every(({ path }) => safePath.test(path)) ? files : undefined;
}
