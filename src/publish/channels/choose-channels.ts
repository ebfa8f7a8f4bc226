import { pointerOf } from '../../channel/channel-pointer.ts';
import { revocationListOf, revocationsName } from '../../channel/revocation-list.ts';
import { readSignedText } from '../../channel/signed-text.ts';
import { IngotError } from '../../host/ingot-error.ts';
import { channelPath, type ChannelText, payloadTypeOf } from './store-channels.ts';

/** What a place has of channels before a publication. */
export interface PresentChannels {
  /** How messages name the place. */
  readonly place: string;
  /** Texts of the place by path. */
  readonly texts: ReadonlyMap<string, string>;
  /** Whether the place has a version, or gets it now: "ROLE/VERSION". */
  readonly has: (name: string) => boolean;
}

function counterIn(name: string, text: string): { counter: number; sha256: string } | undefined {
  const read = readSignedText(text, payloadTypeOf(name), undefined);
  if ('why' in read) return undefined;
  const value = name === revocationsName ? revocationListOf(read.value) : pointerOf(read.value);
  return value === undefined ? undefined : { counter: value.counter, sha256: read.sha256 };
}

/** @throws IngotError publish-failed for a file that ingot did not write, rolled-back-channel if it is newer */
function isThere({ place, texts }: PresentChannels, own: ChannelText): boolean {
  const path = channelPath(own.name);
  const present = texts.get(path);
  if (present === undefined) return false;
  const there = counterIn(own.name, present);
  if (there === undefined)
    throw new IngotError({
      code: 'publish-failed',
      message: `${place} has a file ${path} that ingot did not write; nothing was published`,
      hint: 'publish to an empty or new place, or move that file away',
    });
  if (there.counter < own.counter) return false;
  if (there.counter === own.counter && there.sha256 === own.sha256) return true;
  throw new IngotError({
    code: 'rolled-back-channel',
    message: `${place} has number ${there.counter} of ${path}, and the store ${there.counter === own.counter ? 'another one with that number' : `only number ${own.counter}`}; nothing was published`,
    hint: 'publish from the store where the channels are signed: a reader never accepts an older one after a newer one',
  });
}

/**
 * Decides which signed texts a place gets: none that it has, and no pointer to versions that it does not have.
 * @param left called with a sentence for each pointer that is left out
 * @throws IngotError rolled-back-channel if the place has a newer one; publish-failed for files of others
 */
export function chooseChannels(
  present: PresentChannels,
  texts: readonly ChannelText[],
  left: (why: string) => void,
): ChannelText[] {
  return texts.filter((one) => {
    if (isThere(present, one)) return false;
    const missing = one.names.filter((name) => !present.has(name));
    if (missing.length === 0) return true;
    left(
      `${channelPath(one.name)} is not copied: ${present.place} does not have ${missing.join(', ')}; publish that too`,
    );
    return false;
  });
}
