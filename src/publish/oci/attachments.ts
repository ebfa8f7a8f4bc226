import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { sha256File } from '../../host/sha256-file.ts';
import { recordFiles } from '../../version/record-files.ts';
import { rehearsalsFolder } from '../../version/rehearsal/rehearsals.ts';
import { bomName } from '../../version/sbom/bom.ts';
import { signatureName, sumsName } from '../../version/sums.ts';
import { versionFiles } from '../../version/version-files.ts';
import type { AdmittedVersion } from '../admit.ts';
import { artifactTypes, type FileLayer } from './version-manifest.ts';

/** A document about a version, which refers to its manifest in a registry. */
export interface Attachment {
  readonly artifactType: string;
  /** Of the document itself. */
  readonly mediaType: string;
  readonly layers: readonly FileLayer[];
  /** Absolute path of the folder of the layers' files. */
  readonly folder: string;
  readonly annotations?: Readonly<Record<string, string>>;
}

/** The annotations by which tools choose among bundles (github.com/sigstore/cosign, specs/BUNDLE_SPEC.md). */
export const bundleAnnotations = (predicateType: string): Readonly<Record<string, string>> => ({
  'dev.sigstore.bundle.content': 'dsse-envelope',
  'dev.sigstore.bundle.predicateType': predicateType,
});

/** The media type of a DSSE envelope (github.com/secure-systems-lab/dsse, envelope.md). */
export const envelopeType = 'application/vnd.dsse.envelope.v1+json';

/** The type of the document in a file, by its name; undefined for a file that is not a document about the version. */
function typesOf(path: string): Pick<Attachment, 'artifactType' | 'mediaType'> | undefined {
  const same = (type: string) => ({ artifactType: type, mediaType: type });
  if (path === signatureName) return { artifactType: artifactTypes.signatures, mediaType: envelopeType };
  if (path === bomName) return same('application/vnd.cyclonedx+json');
  if (path.endsWith('.spdx.json')) return same('application/spdx+json');
  if (path.endsWith('.openvex.json')) return same('application/vnd.openvex+json');
  if (path === recordFiles.provenance) return same('application/vnd.in-toto+json');
  return undefined;
}

/** The signed statements about rehearsals next to a version. */
async function rehearsalsOf(folder: string): Promise<Attachment[]> {
  const beside = rehearsalsFolder(folder);
  const names = (await readdir(beside).catch(() => [])).filter((name) =>
    /^[A-Za-z0-9-]+\.dsse\.json$/.test(name),
  );
  return Promise.all(
    names.sort().map(async (path) => {
      const file = join(beside, path);
      const layer = { path, sha256: await sha256File(file), size: (await stat(file)).size };
      return {
        artifactType: artifactTypes.rehearsal,
        mediaType: envelopeType,
        layers: [layer],
        folder: beside,
      };
    }),
  );
}

/**
 * The documents about a version: signatures, bills of materials, provenance, VEX, Sigstore bundles, statements about
 * rehearsals. A file that is not in SHA256SUMS is only here, because it may come later than the version.
 */
export async function attachmentsOf({ folder, digests }: AdmittedVersion): Promise<Attachment[]> {
  const { files } = await versionFiles(folder);
  const found: Attachment[] = [];
  for (const path of files.toSorted()) {
    const types = typesOf(path);
    if (types === undefined || path === sumsName) continue;
    const file = join(folder, path);
    const sha256 = digests.get(path) ?? (await sha256File(file));
    found.push({ ...types, folder, layers: [{ path, sha256, size: (await stat(file)).size }] });
  }
  return [...found, ...(await rehearsalsOf(folder))];
}
