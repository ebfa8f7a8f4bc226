import type { KeyObject } from 'node:crypto';
import { dirname } from 'node:path';
import type { ChannelReader } from '../../channel/read-channel.ts';
import { type ChannelText, storeChannels } from '../../publish/channels/store-channels.ts';
import { channelReader } from '../shared/channel-reader.ts';
import type { World } from '../world.ts';

/**
 * The channels and revoked versions of the store of the versions, as far as a key that was named signed them. Without a
 * key there are none: nobody could say that they are the newest.
 * @param folders absolute paths of versions
 */
export async function channelsToPublish(
  world: World,
  keys: readonly KeyObject[],
  folders: readonly string[],
): Promise<ChannelText[]> {
  const stores = [...new Set(folders.map((folder) => dirname(dirname(folder))))];
  const [out] = stores;
  // Versions of two stores have no common channels.
  if (keys.length === 0 || out === undefined || stores.length > 1) return [];
  const reader: ChannelReader = channelReader(world, out, keys);
  return storeChannels(reader, (why) => world.host.warn?.(why));
}
