import { describe, ociDigest } from '../../oci/descriptor.ts';
import { emptyConfig, manifestBytes, mediaTypes, parseManifest } from '../../oci/manifest.ts';
import { getManifest, putManifest, resolveManifest } from '../../oci/manifests.ts';
import { pushBlob } from '../../oci/push-blob.ts';
import { readSmallBlob } from '../../oci/read-blob.ts';
import { smallLimit } from '../../oci/read-small.ts';
import type { Registry } from '../../oci/registry.ts';
import { registryFailed } from '../../oci/registry-failure.ts';
import { chooseChannels } from '../channels/choose-channels.ts';
import { channelPath, type ChannelText } from '../channels/store-channels.ts';
import { envelopeType } from './attachments.ts';
import { artifactTypes, fileDescriptor, filesOf } from './version-manifest.ts';

/** The tag of the signed texts about the versions of a repository: pointers of channels, and the revoked versions. */
export const channelsTag = 'channels';

/** The tag that always leads to one version, so that a registry's garbage collection does not remove it. */
export const versionTag = ({ role, version }: { readonly role: string; readonly version: string }): string =>
  `${role}-${version}`;

const empty = describe(mediaTypes.empty, emptyConfig);
const attempts = 5;

/**
 * Reads the signed texts of a repository; nothing is verified yet.
 * @returns the texts by path; empty if the repository has none
 * @throws IngotError registry-failed if the tag leads to something else
 */
export async function readRegistryChannels(registry: Registry): Promise<ReadonlyMap<string, string>> {
  const stored = await getManifest(registry, channelsTag);
  if (stored === undefined) return new Map();
  const manifest = parseManifest(stored.bytes.toString());
  const files = manifest?.artifactType === artifactTypes.channels ? filesOf(manifest) : undefined;
  if (files === undefined || files.length > 20 || files.some(({ size }) => size > smallLimit))
    throw registryFailed(registry.address.host, `its tag ${channelsTag} is not what ingot publish wrote`);
  const texts = new Map<string, string>();
  for (const { path, sha256, size } of files) {
    const bytes = await readSmallBlob(registry, { digest: `sha256:${sha256}`, size });
    texts.set(path, bytes.toString());
  }
  return texts;
}

/** Which of the versions that texts name are in the repository. */
async function versionsThere(
  registry: Registry,
  texts: readonly ChannelText[],
): Promise<ReadonlySet<string>> {
  const there = new Set<string>();
  for (const name of new Set(texts.flatMap(({ names }) => names))) {
    const [role = '', version = ''] = name.split('/');
    if ((await resolveManifest(registry, versionTag({ role, version }))) !== undefined) there.add(name);
  }
  return there;
}

async function writeTexts(
  registry: Registry,
  chunkBytes: number,
  texts: ReadonlyMap<string, string>,
): Promise<string> {
  const layers = [...texts]
    .sort(([one], [other]) => (one < other ? -1 : 1))
    .map(([path, text]) => {
      const bytes = Buffer.from(text);
      const sha256 = ociDigest(bytes).replace('sha256:', '');
      return { bytes, descriptor: fileDescriptor({ path, sha256, size: bytes.byteLength }, envelopeType) };
    });
  for (const { bytes, descriptor } of [{ bytes: emptyConfig, descriptor: empty }, ...layers])
    await pushBlob(registry, descriptor, { bytes }, { chunkBytes });
  const manifest = manifestBytes(empty, {
    artifactType: artifactTypes.channels,
    layers: layers.map(({ descriptor }) => descriptor),
  });
  return (await putManifest(registry, mediaTypes.manifest, manifest, channelsTag)).descriptor.digest;
}

/**
 * Copies signed texts to a repository, whose versions are there. Two publishers may do it at once: the texts are read
 * again after they were written.
 * @returns the names of those that were copied
 * @throws IngotError rolled-back-channel if the repository has a newer one; registry-failed
 */
export async function pushChannels(
  { registry, chunkBytes }: { readonly registry: Registry; readonly chunkBytes: number },
  channels: readonly ChannelText[],
  left: (why: string) => void,
): Promise<readonly string[]> {
  if (channels.length === 0) return [];
  const there = await versionsThere(registry, channels);
  const place = `${registry.address.host}/${registry.address.repository}`;
  const copied = new Set<string>();
  for (let attempt = 1; attempt <= attempts; attempt += 1) {
    const texts = await readRegistryChannels(registry);
    const note = attempt === 1 ? left : () => undefined;
    const chosen = chooseChannels({ place, texts, has: (name) => there.has(name) }, channels, note);
    if (chosen.length === 0) return [...copied];
    for (const { name } of chosen) copied.add(name);
    const all = new Map([...texts, ...chosen.map(({ name, text }) => [channelPath(name), text] as const)]);
    const digest = await writeTexts(registry, chunkBytes, all);
    if ((await resolveManifest(registry, channelsTag)) === digest) return [...copied];
    await registry.pause(attempt);
  }
  throw registryFailed(registry.address.host, `others change ${channelsTag} all the time`);
}
