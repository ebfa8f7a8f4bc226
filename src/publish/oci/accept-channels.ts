import type { ChannelName } from '../../channel/channel-names.ts';
import type { ChannelPointer } from '../../channel/channel-pointer.ts';
import { acceptPointer, acceptRevocations, type ChannelReader } from '../../channel/read-channel.ts';
import { type Revocation, revocationOf, revocationsName } from '../../channel/revocation-list.ts';
import { IngotError } from '../../host/ingot-error.ts';
import { registryAddressText } from '../../oci/address.ts';
import type { Registry } from '../../oci/registry.ts';
import { noImage } from '../../store/require-version.ts';
import { channelPath } from '../channels/store-channels.ts';
import { channelsTag, readRegistryChannels } from './registry-channels.ts';

/** What the signed texts of a repository say. */
export interface RegistryChannels {
  readonly revoked: readonly Revocation[];
  /** The pointer that was asked for. */
  readonly pointer: ChannelPointer | undefined;
}

/**
 * Reads and verifies the revoked versions of a repository, and the pointer of a channel. What was read is remembered: an
 * older text is never accepted after it.
 * @param reader its keys and memory; the place is that of the registry
 * @throws IngotError wrong-channel, rolled-back-channel, expired-channel, host-not-ready for a wrong clock; no-image if the
 *   repository does not have the channel
 */
export async function acceptRegistryChannels(
  registry: Registry,
  reader: Omit<ChannelReader, 'out'>,
  channel: ChannelName | undefined,
): Promise<RegistryChannels> {
  const place = registryAddressText({ ...registry.address, tag: undefined, digest: undefined });
  const own = { ...reader, out: place };
  const texts = await readRegistryChannels(registry);
  const offered = (name: string) => ({
    label: `${place}:${channelsTag} ${channelPath(name)}`,
    text: texts.get(channelPath(name)),
  });
  const newest = channel && (await acceptPointer(own, channel, offered(channel)));
  if (channel !== undefined && newest === undefined)
    throw noImage({
      out: place,
      because: `no pointer of ${channel} was published there`,
      hint: `ingot promote VERSION ${channel}, then ingot publish`,
    });
  const list = await acceptRevocations(own, offered(revocationsName), newest?.value.revocations);
  return { revoked: list?.value.revoked ?? [], pointer: newest?.value };
}

/** @throws IngotError revoked-version for a version that the publishers have revoked */
export function requireNotRevoked(
  { revoked }: RegistryChannels,
  version: Parameters<typeof revocationOf>[1],
): void {
  const found = revocationOf(revoked, version);
  if (found === undefined) return;
  throw new IngotError({
    code: 'revoked-version',
    message: `${found.role} ${found.version} was revoked on ${found.on}: ${found.why}`,
    hint: 'pull another version; nothing was added to the store',
  });
}
