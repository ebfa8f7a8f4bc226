import { IngotError } from '../host/ingot-error.ts';
import { channelNames } from './channel-names.ts';
import { namesInPointer } from './channel-pointer.ts';
import { peekPointer } from './peek-channel.ts';

/**
 * The versions that the channels of a store name, as "ROLE/VERSION" with the channel. Signatures are not checked: what
 * any pointer names is kept.
 * @throws IngotError wrong-channel if a pointer cannot be read, because it is not known then what it names
 */
export async function keptByChannels(out: string): Promise<ReadonlyMap<string, string>> {
  const kept = new Map<string, string>();
  for (const channel of channelNames) {
    const pointer = await peekPointer(out, channel);
    if (typeof pointer === 'string')
      throw new IngotError({
        code: 'wrong-channel',
        message: `no version was removed: ${pointer}, so it is not known what ${channel} names`,
        hint: `copy the folder channels of the store again, or promote a version to ${channel}`,
      });
    if (pointer !== undefined)
      for (const name of namesInPointer(pointer)) kept.set(name, `the channel ${channel} names it`);
  }
  return kept;
}
