import { readFile, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import type { Descriptor } from '../../oci/descriptor.ts';
import { parseManifest } from '../../oci/manifest.ts';
import { getManifest } from '../../oci/manifests.ts';
import { readSmallBlob } from '../../oci/read-blob.ts';
import { smallLimit } from '../../oci/read-small.ts';
import { listReferrers } from '../../oci/referrers.ts';
import type { Registry } from '../../oci/registry.ts';
import { signedEnvelope, statementType, wrongSignature } from '../../version/dsse.ts';
import { provenanceName } from '../../version/provenance/statement.ts';
import type { Signer } from '../../version/signer.ts';
import { attestedDocuments, inTotoText } from '../../version/sigstore/attestations.ts';
import { readBundle } from '../../version/sigstore/read-bundle.ts';
import { sigstoreBundleText, sigstoreType } from '../../version/sigstore/sigstore-bundle.ts';
import { bundleEnding } from '../../version/sigstore/write-sigstore.ts';
import type { AdmittedVersion } from '../admit.ts';
import { type Attachment, bundleAnnotations } from './attachments.ts';
import { layerOf } from './bundle-attachments.ts';

/** The predicate of the statement that cosign 3 writes and looks for: that somebody signed an image. */
const signPredicate = 'https://sigstore.dev/cosign/sign/v1';

/** A manifest in a registry, and the version that it is. */
export interface ManifestToSign {
  readonly registry: Registry;
  readonly manifest: Descriptor;
  readonly version: AdmittedVersion;
}

interface ManifestStatement {
  readonly name: string;
  readonly predicateType: string;
  readonly text: string;
}

/** What is stated about the manifest: that it was signed, how it was baked, and what is in it. */
async function statements({ manifest, version }: ManifestToSign): Promise<ManifestStatement[]> {
  const { role, folder, digests } = version;
  const subject = new Map([[`${role}-${version.version}`, manifest.digest.replace('sha256:', '')]]);
  const stated = (name: string, predicateType: string, predicate: unknown): ManifestStatement => ({
    ...{ name, predicateType, text: inTotoText(subject, predicateType, predicate) },
  });
  const json = async (path: string): Promise<unknown> =>
    JSON.parse(await readFile(join(folder, path), 'utf8')) as unknown;
  const found = [stated('signature', signPredicate, {})];
  if (digests.has(provenanceName)) {
    const { predicateType, predicate } = (await json(provenanceName)) as Record<string, unknown>;
    found.push(stated(basename(provenanceName, '.json'), String(predicateType), predicate));
  }
  for (const [path, type] of Object.entries(attestedDocuments))
    if (digests.has(path)) found.push(stated(basename(path, '.json'), type, await json(path)));
  return found;
}

/** The statements that a registry has already, signed by the key, as text. */
async function signedBefore({ registry, manifest }: ManifestToSign, signer: Signer): Promise<Set<string>> {
  const before = new Set<string>();
  for (const { artifactType, digest, size } of await listReferrers(registry, manifest.digest)) {
    if (artifactType !== sigstoreType || size > smallLimit) continue;
    const [layer] =
      parseManifest((await getManifest(registry, digest))?.bytes.toString() ?? '')?.layers ?? [];
    if (layer === undefined || layer.size > smallLimit) continue;
    const content = readBundle((await readSmallBlob(registry, layer)).toString())?.content;
    if (content === undefined || !('statement' in content)) continue;
    const { envelope, payload } = content.statement;
    if (wrongSignature(envelope, signer.publicKey) === undefined) before.add(payload.toString());
  }
  return before;
}

/**
 * Signs statements about a manifest in a registry, for tools that verify an image by its digest, such as cosign.
 * @param folder absolute path of an empty folder, for the bundles
 * @returns documents to push; none for what the key has signed before
 * @throws IngotError signer-failed, registry-failed
 */
export async function manifestSignatures(
  target: ManifestToSign,
  signer: Signer,
  folder: string,
): Promise<Attachment[]> {
  const before = await signedBefore(target, signer);
  const found: Attachment[] = [];
  for (const { name, predicateType, text } of await statements(target)) {
    if (before.has(text)) continue;
    const envelope = await signedEnvelope(Buffer.from(text), signer, undefined, statementType);
    const path = `${name}${bundleEnding}`;
    await writeFile(join(folder, path), sigstoreBundleText(signer.keyId, { envelope }));
    const annotations = bundleAnnotations(predicateType);
    const layers = [await layerOf(folder, path)];
    found.push({ artifactType: sigstoreType, mediaType: sigstoreType, layers, folder, annotations });
  }
  return found;
}
