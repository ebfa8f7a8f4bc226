import type { Descriptor } from './descriptor.ts';
import { indexBytes, mediaTypes, parseIndex } from './manifest.ts';
import { getManifest, putManifest, resolveManifest } from './manifests.ts';
import { readSmall } from './read-small.ts';
import type { Registry } from './registry.ts';
import { registryFailed } from './registry-failure.ts';

/** The tag under which the referrers of a manifest are listed where a registry has no interface for them. */
const fallbackTag = (subject: string): string => subject.replace(':', '-').slice(0, 'sha256-'.length + 64);

async function inFallback(registry: Registry, subject: string): Promise<readonly Descriptor[]> {
  const stored = await getManifest(registry, fallbackTag(subject));
  if (stored === undefined) return [];
  return parseIndex(stored.bytes.toString())?.manifests ?? [];
}

/**
 * Lists what refers to a manifest (OCI distribution specification v1.1, "Listing Referrers"): by the interface of the
 * registry, otherwise by the tag scheme.
 */
export async function listReferrers(registry: Registry, subject: string): Promise<readonly Descriptor[]> {
  const url = `referrers/${subject}`;
  const { status, body } = await registry.send({
    ...{ method: 'GET', url, accept: [200, 400, 404, 405], whole: true },
    headers: { accept: mediaTypes.index },
  });
  const text = (await readSmall(body)).toString();
  if (status !== 200) return inFallback(registry, subject);
  const index = parseIndex(text);
  if (index === undefined) throw registryFailed(registry.address.host, `${url} is not an image index`);
  return index.manifests;
}

const attempts = 5;

/**
 * Adds referrers to the list of the tag scheme. Two publishers may change it at once, and there is no request that
 * changes a tag only if nobody else did: the list is read again after it was written.
 * @returns whether the list was changed
 */
export async function addToFallback(
  registry: Registry,
  subject: string,
  added: readonly Descriptor[],
): Promise<boolean> {
  const tag = fallbackTag(subject);
  for (let attempt = 0; attempt < attempts; attempt += 1) {
    const listed = await inFallback(registry, subject);
    const missing = added.filter(({ digest }) => !listed.some((one) => one.digest === digest));
    if (missing.length === 0) return attempt > 0;
    const bytes = indexBytes([...listed, ...missing]);
    const { descriptor } = await putManifest(registry, mediaTypes.index, bytes, tag);
    if ((await resolveManifest(registry, tag)) !== descriptor.digest) await registry.pause(attempt + 1);
  }
  throw registryFailed(registry.address.host, `others change ${tag} all the time`);
}
