import { IngotError } from '../host/ingot-error.ts';
import type { ChannelReader } from './read-channel.ts';
import { currentText, highestCounter, numberedFile, numberedText, settleSeries } from './signed-series.ts';
import { readSignedText } from './signed-text.ts';

/**
 * Before the next text of a series is signed: puts the newest one in place, if the process that had added it was killed
 * or somebody put an older one back. It has to be signed.
 * @throws IngotError wrong-channel if the newest one is not signed by one of the keys
 */
export async function settleChannel(
  { out, keys }: Pick<ChannelReader, 'out' | 'keys'>,
  name: string,
  payloadType: string,
): Promise<void> {
  const place = { out, name };
  const highest = await highestCounter(place);
  const text = highest === 0 ? undefined : await numberedText(place, highest);
  if (text === undefined || (await currentText(place)) === text) return;
  const payload = readSignedText(text, payloadType, keys);
  if ('why' in payload)
    throw new IngotError({
      code: 'wrong-channel',
      message: `${numberedFile(place, highest)} ${payload.why}`,
      hint: 'somebody put it there: remove it if no key of yours signed it, and run the command again',
    });
  await settleSeries(place);
}
