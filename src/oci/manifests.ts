import { type Descriptor, ociDigest } from './descriptor.ts';
import { mediaTypes } from './manifest.ts';
import { readSmall } from './read-small.ts';
import type { Registry } from './registry.ts';
import { errorsIn, registryFailed } from './registry-failure.ts';

const accepted = `${mediaTypes.index}, ${mediaTypes.manifest}`;

/** The bytes of a manifest or index, with their digest. */
export interface StoredManifest {
  readonly bytes: Buffer;
  readonly digest: string;
  readonly mediaType: string;
}

/**
 * Reads a manifest or an index.
 * @param reference a tag, or a digest, which the bytes must have
 * @returns undefined if there is none
 * @throws IngotError registry-failed if it has other bytes
 */
export async function getManifest(
  registry: Registry,
  reference: string,
): Promise<StoredManifest | undefined> {
  const { status, headers, body } = await registry.send({
    ...{ method: 'GET', url: `manifests/${reference}`, accept: [200, 404], whole: true },
    headers: { accept: accepted },
  });
  const bytes = await readSmall(body);
  if (status === 404) return undefined;
  const digest = ociDigest(bytes);
  if (reference.startsWith('sha256:') && digest !== reference)
    throw registryFailed(registry.address.host, `it has other bytes for the manifest ${reference}`);
  return { bytes, digest, mediaType: headers['content-type']?.replace(/;.*$/, '').trim() ?? '' };
}

/** The digest that a tag or a digest leads to; undefined if there is no such manifest. */
export async function resolveManifest(registry: Registry, reference: string): Promise<string | undefined> {
  const { status, headers, body } = await registry.send({
    ...{ method: 'HEAD', url: `manifests/${reference}`, accept: [200, 404] },
    headers: { accept: accepted },
  });
  body.resume();
  if (status === 404) return undefined;
  // The header is optional.
  return headers['docker-content-digest'] ?? (await getManifest(registry, reference))?.digest;
}

/**
 * Writes a manifest, whose blobs the registry must have.
 * @param reference a tag; default: its digest
 * @returns its descriptor, and whether the registry has understood its subject (OCI-Subject)
 */
export async function putManifest(
  registry: Registry,
  mediaType: string,
  bytes: Buffer,
  reference?: string,
): Promise<{ readonly descriptor: Descriptor; readonly knowsSubject: boolean }> {
  const descriptor = { mediaType, digest: ociDigest(bytes), size: bytes.byteLength };
  const url = `manifests/${reference ?? descriptor.digest}`;
  for (let failed = 1; ; failed += 1) {
    const { status, headers, body } = await registry.send({
      ...{ method: 'PUT', url, accept: [201, 400, 404], whole: true },
      headers: { 'content-type': mediaType },
      body: bytes,
    });
    const text = (await readSmall(body)).toString();
    if (status === 201) return { descriptor, knowsSubject: headers['oci-subject'] !== undefined };
    // While another publisher writes the same, docker-registry reads its half-written files (DIGEST_INVALID).
    if (failed >= registry.retries.attempts)
      throw registryFailed(`PUT ${registry.address.host} ${url}`, `HTTP ${status} ${errorsIn(text)}`.trim());
    await registry.pause(failed);
  }
}
