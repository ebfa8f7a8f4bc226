import type { KeyObject } from 'node:crypto';
import { IngotError } from '../../host/ingot-error.ts';
import type { Descriptor } from '../../oci/descriptor.ts';
import { parseManifest } from '../../oci/manifest.ts';
import { getManifest } from '../../oci/manifests.ts';
import { readSmallBlob } from '../../oci/read-blob.ts';
import { smallLimit } from '../../oci/read-small.ts';
import { listReferrers } from '../../oci/referrers.ts';
import type { Registry } from '../../oci/registry.ts';
import {
  type Envelope,
  envelopeText,
  hasPayload,
  parseEnvelope,
  wrongSignature,
} from '../../version/dsse.ts';
import { parseSums, sumsName } from '../../version/sums.ts';
import type { OfferedVersion } from './find-versions.ts';
import { isBundleType, isPulledBundle } from './pulled-bundles.ts';
import { artifactTypes, type FileLayer, filesOf } from './version-manifest.ts';

/** What is known of a version before its large files are read. */
export interface VerifiedList {
  /** The bytes of SHA256SUMS, which one of the keys has signed. */
  readonly sums: Buffer;
  /** The text of SHA256SUMS.dsse with all signatures that the registry has. */
  readonly signatures: string;
  /** All files but SHA256SUMS. */
  readonly files: readonly FileLayer[];
  /** Documents that are not in the list: name → bytes. Their signatures are their own. */
  readonly documents: ReadonlyMap<string, Buffer>;
  /** Signed statements about rehearsals: name → bytes. */
  readonly rehearsals: ReadonlyMap<string, Buffer>;
  /** Sigstore bundles: KEY/PATH → bytes. */
  readonly bundles: ReadonlyMap<string, Buffer>;
}

/** The largest number of documents that are read: a registry that others write to may hold any number. */
const maxDocuments = 200;
/** The largest number of files of one document: the bundles of all files of a version. */
const maxFiles = 1000;

interface FoundDocument {
  readonly name: string;
  readonly artifactType: string;
  readonly bytes: Buffer;
}

async function readDocument(registry: Registry, { digest, size }: Descriptor): Promise<FoundDocument[]> {
  if (size > smallLimit) return [];
  const stored = await getManifest(registry, digest);
  const manifest = stored && parseManifest(stored.bytes.toString());
  const files = manifest && filesOf(manifest);
  const artifactType = manifest?.artifactType;
  if (artifactType === undefined || files === undefined || files.some(({ size: one }) => one > smallLimit))
    return [];
  if (files.length === 0 || files.length > (artifactType === artifactTypes.bundles ? maxFiles : 1)) return [];
  // The bundles of all files by an ed25519 key are the same one.
  const blobs = new Map<string, Buffer>();
  const found: FoundDocument[] = [];
  for (const { path, sha256, size: bytes } of files) {
    const blob = { digest: `sha256:${sha256}`, size: bytes };
    const content = blobs.get(sha256) ?? (await readSmallBlob(registry, blob));
    blobs.set(sha256, content);
    found.push({ name: path, artifactType, bytes: content });
  }
  return found;
}

function damaged(registry: Registry, { digest }: OfferedVersion, excerpt: readonly string[]): IngotError {
  return new IngotError({
    code: 'damaged-version',
    message: `${registry.address.host}/${registry.address.repository}@${digest}: refused, because`,
    excerpt,
    hint: 'check that the key is the right one; if it is, ask those who publish to publish the version again',
  });
}

/** Joins signatures over the same list; those that keys of ours have made come from an envelope that is valid. */
function joined(envelopes: readonly Envelope[]): Envelope | undefined {
  const [first] = envelopes;
  if (first === undefined) return undefined;
  const signatures = new Map(
    envelopes.flatMap((one) => one.signatures.map((of) => [`${of.keyid} ${of.sig}`, of])),
  );
  return { ...first, signatures: [...signatures.values()] };
}

/**
 * Reads the signed list of a version and the documents about it, and compares the list with the manifest.
 * @param keys public keys; the signature of one of them is enough
 * @throws IngotError damaged-version if no key has signed it, or its files are not those of the list
 */
export async function readVerifiedList(
  registry: Registry,
  offered: OfferedVersion,
  keys: readonly KeyObject[],
): Promise<VerifiedList> {
  const files = filesOf(offered.manifest);
  const list = files?.find(({ path }) => path === sumsName);
  if (files === undefined || list === undefined || list.size > smallLimit)
    throw damaged(registry, offered, [
      `its manifest has no ${sumsName}, or paths that are not those of a version`,
    ]);
  const sums = await readSmallBlob(registry, { digest: `sha256:${list.sha256}`, size: list.size });
  const listed = parseSums(sums.toString());
  if (listed === undefined) throw damaged(registry, offered, [`${sumsName} is not a list that ingot wrote`]);

  const referrers = (await listReferrers(registry, offered.digest)).slice(0, maxDocuments);
  const documents = (await Promise.all(referrers.map((one) => readDocument(registry, one)))).flat();
  const envelopes = documents
    .filter(({ artifactType }) => artifactType === artifactTypes.signatures)
    .flatMap(({ bytes }) => parseEnvelope(bytes.toString()) ?? [])
    .filter((envelope) => hasPayload(envelope, sums));
  const valid = envelopes.filter((envelope) =>
    keys.some((key) => wrongSignature(envelope, key) === undefined),
  );
  const signatures = joined(valid);
  if (signatures === undefined) {
    const [all] = [joined(envelopes)];
    const why = keys.map((key) => (all === undefined ? 'is not signed' : (wrongSignature(all, key) ?? '')));
    throw damaged(
      registry,
      offered,
      [...new Set(why)].map((text) => `${sumsName} ${text}`),
    );
  }

  const others = files.filter(({ path }) => path !== sumsName);
  const wrong = [
    ...others.flatMap(({ path, sha256 }) =>
      listed.get(path) === sha256 ? [] : [`${path} is not the file that ${sumsName} lists`],
    ),
    ...[...listed.keys()]
      .filter((path) => !others.some((file) => file.path === path))
      .map((path) => `${path} is missing`),
  ];
  if (wrong.length > 0) throw damaged(registry, offered, wrong);
  const bundles = documents.filter(isPulledBundle);
  const kept = documents.filter(
    ({ name, artifactType }) =>
      !listed.has(name) &&
      !isBundleType(artifactType) &&
      artifactType !== artifactTypes.signatures &&
      name !== sumsName,
  );
  const ofType = (wanted: boolean) =>
    new Map(
      kept
        .filter(({ artifactType }) => (artifactType === artifactTypes.rehearsal) === wanted)
        .map(({ name, bytes }) => [name, bytes]),
    );
  return {
    ...{ sums, signatures: envelopeText(signatures), files: others },
    ...{ documents: ofType(false), rehearsals: ofType(true) },
    bundles: new Map(bundles.map(({ name, bytes }) => [name, bytes])),
  };
}
