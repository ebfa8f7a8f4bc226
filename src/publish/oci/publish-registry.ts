import type { Host } from '../../host/host.ts';
import { IngotError } from '../../host/ingot-error.ts';
import { parseRegistryAddress, registryAddressText } from '../../oci/address.ts';
import { ociDigest } from '../../oci/descriptor.ts';
import { indexBytes, mediaTypes } from '../../oci/manifest.ts';
import { getManifest, putManifest, resolveManifest } from '../../oci/manifests.ts';
import { usualChunkBytes } from '../../oci/push-blob.ts';
import { openRegistry, type Registry, type RetryPolicy } from '../../oci/registry.ts';
import { registryFailed } from '../../oci/registry-failure.ts';
import { latestName } from '../../store/latest-version.ts';
import { readBootRecord } from '../../version/read-boot-record.ts';
import type { Published, PublishRequest } from '../place.ts';
import { type PushedVersion, pushVersion } from './push-version.ts';
import { channelsTag, pushChannels, versionTag } from './registry-channels.ts';
import { artifactTypes } from './version-manifest.ts';

/** The index of what was pushed. The platform is what tools choose by that do not know the roles. */
async function versionsIndex(pushed: readonly PushedVersion[]): Promise<Buffer> {
  const manifests = await Promise.all(
    pushed.map(async ({ manifest, version: { folder } }) => {
      const boot = await readBootRecord(folder);
      const architecture = boot?.schema === 2 ? boot.architecture : 'amd64';
      const platform = { architecture, os: 'linux' };
      return { ...manifest, artifactType: artifactTypes.version, platform };
    }),
  );
  return indexBytes(manifests, { artifactType: artifactTypes.versions });
}

async function moveTag(registry: Registry, tag: string, mediaType: string, bytes: Buffer): Promise<void> {
  if ((await resolveManifest(registry, tag)) === ociDigest(bytes)) return;
  await putManifest(registry, mediaType, bytes, tag);
}

/** What tests change. */
export interface PublishTuning {
  readonly retries?: RetryPolicy;
  /** Bytes of one request. */
  readonly chunkBytes?: number;
}

interface Publishing {
  readonly host: Host;
  readonly registry: Registry;
  readonly tag: string;
  readonly chunkBytes: number;
}

async function pushAll(
  { host, registry, tag, chunkBytes }: Publishing,
  { versions, progress, channels: texts = [], signer }: PublishRequest,
): Promise<Published> {
  const { address } = registry;
  const pushed: PushedVersion[] = [];
  for (const version of versions)
    pushed.push(await pushVersion({ registry, chunkBytes, signer }, version, progress));
  const bytes = await versionsIndex(pushed);
  const { descriptor: index } = await putManifest(registry, mediaTypes.index, bytes);
  if ((await getManifest(registry, index.digest)) === undefined)
    throw registryFailed(address.host, `it has lost the index ${index.digest}`);
  // Everything was read back: only now do names lead to it.
  for (const { version, manifest } of pushed) {
    const stored = await getManifest(registry, manifest.digest);
    if (stored === undefined)
      throw registryFailed(address.host, `it has lost the manifest ${manifest.digest}`);
    await moveTag(registry, versionTag(version), mediaTypes.manifest, stored.bytes);
  }
  const leftChannels: string[] = [];
  const channels = await pushChannels({ registry, chunkBytes }, texts, (why) => {
    leftChannels.push(why);
  });
  await moveTag(registry, tag, mediaTypes.index, bytes);
  if ((await resolveManifest(registry, tag)) !== index.digest)
    host.warn?.(
      `${address.host}/${address.repository}:${tag} was moved by another publisher in the meantime`,
    );
  const at = { ...address, tag: undefined };
  return {
    address: registryAddressText({ ...address, tag, digest: index.digest }),
    versions: pushed.map(({ version: { role, version }, manifest }) => ({
      ...{ role, version, address: registryAddressText({ ...at, digest: manifest.digest }) },
    })),
    sentBytes: pushed.reduce((sum, { sentBytes }) => sum + sentBytes, 0),
    presentBytes: pushed.reduce((sum, { presentBytes }) => sum + presentBytes, 0),
    ...{ channels, leftChannels },
  };
}

/**
 * Publishes versions to a registry: a manifest for each, documents that refer to it, an index of both. The tag moves
 * last, after everything was read back.
 * @throws IngotError wrong-usage for a wrong address; registry-failed, wrong-credentials: the tag is where it was
 */
export async function publishToRegistry(
  host: Host,
  request: PublishRequest,
  { retries, chunkBytes = usualChunkBytes }: PublishTuning = {},
): Promise<Published> {
  const address = parseRegistryAddress(request.to);
  if (address.digest !== undefined)
    throw new IngotError({
      code: 'wrong-usage',
      message: `${request.to} names a digest, which follows from what is published`,
      hint: 'name a tag: oci://HOST/REPOSITORY:TAG',
    });
  if (address.tag === channelsTag)
    throw new IngotError({
      code: 'wrong-usage',
      message: `the tag ${channelsTag} has the pointers of the channels of ${address.repository}`,
      hint: 'name another tag: oci://HOST/REPOSITORY:TAG',
    });
  const { env, signal } = request;
  const registry = await openRegistry(host, address, {
    ...{ env, signal, actions: 'pull,push' as const },
    ...(retries === undefined ? {} : { retries }),
  });
  try {
    return await pushAll({ host, registry, tag: address.tag ?? latestName, chunkBytes }, request);
  } finally {
    registry.close();
  }
}
