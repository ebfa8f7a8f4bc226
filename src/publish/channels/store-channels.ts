import { channelNames } from '../../channel/channel-names.ts';
import { namesInPointer, pointerType } from '../../channel/channel-pointer.ts';
import { type ChannelReader, readPointer, readRevocations } from '../../channel/read-channel.ts';
import { revocationsName, revocationsType } from '../../channel/revocation-list.ts';
import { currentText } from '../../channel/signed-series.ts';
import { readSignedText } from '../../channel/signed-text.ts';
import { IngotError } from '../../host/ingot-error.ts';

/** A signed text about the versions of a store: the pointer of a channel, or the list of revoked versions. */
export interface ChannelText {
  /** Name of the channel, or "revoked". */
  readonly name: string;
  readonly payloadType: string;
  /** The envelope, as it is in the store. */
  readonly text: string;
  readonly counter: number;
  /** SHA-256 of the payload, hexadecimal. */
  readonly sha256: string;
  /** The versions that it names, as "ROLE/VERSION"; of the list of revoked versions none. */
  readonly names: readonly string[];
}

/** The path of a signed text in a store and in every place that has a copy of it. */
export const channelPath = (name: string): string => `channels/${name}.dsse.json`;

/** The kind of text that has a name. */
export const payloadTypeOf = (name: string): string =>
  name === revocationsName ? revocationsType : pointerType;

/** Reads the newest text of a name, or undefined if the store has none. */
async function newest(reader: ChannelReader, name: string): Promise<ChannelText | undefined> {
  const channel = channelNames.find((one) => one === name);
  const found =
    channel === undefined
      ? await readRevocations(reader)
      : await readPointer(reader, channel, { mayBeExpired: true });
  const text = await currentText({ out: reader.out, name });
  if (found === undefined || text === undefined) return undefined;
  const payloadType = payloadTypeOf(name);
  const read = readSignedText(text, payloadType, reader.keys);
  // Another process has replaced it since.
  if ('why' in read || read.sha256 !== found.sha256) return newest(reader, name);
  const names = 'versions' in found.value ? namesInPointer(found.value) : [];
  return { name, payloadType, text, counter: found.value.counter, sha256: found.sha256, names };
}

/**
 * Reads the channels and the revoked versions of a store that are to be copied to another place. One that cannot be
 * trusted is not copied.
 * @param left called with a sentence for each that is left out
 * @returns the list of revoked versions first, because pointers name its number
 */
export async function storeChannels(
  reader: ChannelReader,
  left: (why: string) => void,
): Promise<ChannelText[]> {
  const texts: ChannelText[] = [];
  for (const name of [revocationsName, ...channelNames])
    try {
      const text = await newest(reader, name);
      if (text !== undefined) texts.push(text);
    } catch (error) {
      if (!(error instanceof IngotError)) throw error;
      left(`${channelPath(name)} is not copied: ${error.message} (${error.code})`);
    }
  return texts;
}
