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
  const listed: Descriptor[] = [];
  const first = `referrers/${subject}`;
  let url: string | undefined = first;
  for (let pages = 0; url !== undefined; pages += 1) {
    const { status, headers, body } = await registry.send({
      ...{ method: 'GET', url, accept: [200, 400, 404, 405], whole: true },
      headers: { accept: mediaTypes.index },
    });
    const text = (await readSmall(body)).toString();
    if (status !== 200 && pages === 0) return inFallback(registry, subject);
    const index = status === 200 ? parseIndex(text) : undefined;
    if (index === undefined || pages > mostPages)
      throw registryFailed(registry.address.host, `${first} is not an image index`);
    listed.push(...index.manifests);
    url = nextPage(registry, headers['link']);
  }
  return listed;
}

const mostPages = 100;

/** The address of the next part of a list (RFC 8288); undefined after the last one. It is one of the registry itself. */
function nextPage({ address, origin }: Registry, link: string | string[] | undefined): string | undefined {
  const [, target] = /<([^>]*)>\s*;[^,]*\brel="?next"?/.exec(String(link ?? '')) ?? [];
  if (target === undefined) return undefined;
  const next = new URL(target, `${origin}/v2/${address.repository}/referrers/`);
  if (next.origin !== origin) throw registryFailed(address.host, 'its list of referrers goes on elsewhere');
  return next.href;
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
