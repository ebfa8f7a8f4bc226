import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { ProgressStage } from '../../host/progress-stage.ts';
import { withTemporaryFolder } from '../../host/with-temporary-folder.ts';
import { describe, type Descriptor, ociDigest } from '../../oci/descriptor.ts';
import { emptyConfig, manifestBytes, mediaTypes } from '../../oci/manifest.ts';
import { getManifest, putManifest } from '../../oci/manifests.ts';
import { addToFallback, listReferrers } from '../../oci/referrers.ts';
import type { Registry } from '../../oci/registry.ts';
import { registryFailed } from '../../oci/registry-failure.ts';
import { requireBootRecord } from '../../version/read-boot-record.ts';
import type { Signer } from '../../version/signer.ts';
import { sumsName } from '../../version/sums.ts';
import type { AdmittedVersion } from '../admit.ts';
import { type Attachment, attachmentsOf } from './attachments.ts';
import { bundleAttachments } from './bundle-attachments.ts';
import { type BlobToPush, pushBlobs, type PushTarget, readBack } from './push-files.ts';
import { manifestSignatures } from './sign-manifest.ts';
import { fileDescriptor, type FileLayer, versionAnnotations, versionManifest } from './version-manifest.ts';

/** A version in a registry, without a tag yet. */
export interface PushedVersion {
  readonly version: AdmittedVersion;
  readonly manifest: Descriptor;
  readonly sentBytes: number;
  readonly presentBytes: number;
}

const empty = describe(mediaTypes.empty, emptyConfig);
const emptyBlob: BlobToPush = { blob: empty, source: { bytes: emptyConfig }, name: 'config' };

/** The files of a version with the digests that were checked. */
async function layersOf({ folder, sums, digests }: AdmittedVersion): Promise<FileLayer[]> {
  const listed = [...digests].map(async ([path, sha256]) => ({
    ...{ path, sha256 },
    size: (await stat(join(folder, path))).size,
  }));
  const list = { path: sumsName, sha256: ociDigest(sums).replace('sha256:', ''), size: sums.byteLength };
  return [list, ...(await Promise.all(listed))];
}

const blobsOf = ({ layers, folder }: Attachment): BlobToPush[] =>
  layers.map((layer) => ({
    ...{ blob: fileDescriptor(layer), source: { file: join(folder, layer.path) }, name: layer.path },
  }));

/** The manifest of a document about a version. */
function attachmentManifest(
  { artifactType, mediaType, layers, annotations }: Attachment,
  subject: Descriptor,
): Buffer {
  const { mediaType: type, digest, size } = subject;
  return manifestBytes(empty, {
    artifactType,
    layers: layers.map((layer) => fileDescriptor(layer, mediaType)),
    subject: { mediaType: type, digest, size },
    ...(annotations === undefined ? {} : { annotations }),
  });
}

/** Pushes the documents about a version; their blobs are there. */
async function attach(
  registry: Registry,
  subject: Descriptor,
  attachments: readonly Attachment[],
): Promise<void> {
  const unknown: Descriptor[] = [];
  const pushed: string[] = [];
  for (const one of attachments) {
    const bytes = attachmentManifest(one, subject);
    const { descriptor, knowsSubject } = await putManifest(registry, mediaTypes.manifest, bytes);
    pushed.push(descriptor.digest);
    const { artifactType, annotations } = one;
    if (!knowsSubject) unknown.push({ ...descriptor, artifactType, annotations });
  }
  if (unknown.length > 0) await addToFallback(registry, subject.digest, unknown);
  const listed = new Set((await listReferrers(registry, subject.digest)).map(({ digest }) => digest));
  const missing = pushed.filter((digest) => !listed.has(digest));
  if (missing.length > 0)
    throw registryFailed(registry.address.host, `it does not list what refers to ${subject.digest}`);
}

/**
 * Pushes a version with its documents and reads everything back; no tag leads to it yet.
 * @throws IngotError registry-failed, wrong-credentials
 */
export async function pushVersion(
  { signer, ...target }: PushTarget & { readonly signer?: Signer | undefined },
  version: AdmittedVersion,
  progress: ProgressStage,
): Promise<PushedVersion> {
  const { registry } = target;
  const { folder, role } = version;
  const boot = await requireBootRecord(folder);
  const layers = await layersOf(version);
  const attachments = [...(await attachmentsOf(version)), ...(await bundleAttachments(folder))];
  const blobs: BlobToPush[] = [
    emptyBlob,
    ...layers.map((layer) => ({
      blob: fileDescriptor(layer),
      source: layer.path === sumsName ? { bytes: version.sums } : { file: join(folder, layer.path) },
      name: layer.path,
    })),
    ...attachments.flatMap(blobsOf),
  ];
  const title = `${role} ${version.version}`;
  const sent = await progress.stage(`push ${title}`, (stage) => pushBlobs(target, blobs, stage));
  const bytes = versionManifest(boot, layers);
  const { descriptor } = await putManifest(registry, mediaTypes.manifest, bytes);
  await attach(registry, descriptor, attachments);
  if (signer !== undefined)
    await progress.stage(`sign ${title} in the registry`, (stage) =>
      withTemporaryFolder(async (temporary) => {
        const manifest = { registry, manifest: descriptor, version };
        const signed = await manifestSignatures(manifest, signer, temporary);
        await pushBlobs(target, signed.flatMap(blobsOf), stage);
        await attach(registry, descriptor, signed);
        await readBack(registry, signed.flatMap(blobsOf), stage);
      }),
    );
  await progress.stage(`read back ${title}`, async (stage) => {
    await readBack(registry, blobs, stage);
    if ((await getManifest(registry, descriptor.digest)) === undefined)
      throw registryFailed(registry.address.host, `it has lost the manifest ${descriptor.digest}`);
  });
  return { version, manifest: { ...descriptor, annotations: versionAnnotations(boot) }, ...sent };
}
