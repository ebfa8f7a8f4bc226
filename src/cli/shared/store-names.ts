import { channelNames } from '../../channel/channel-names.ts';
import { type ChannelPointer } from '../../channel/channel-pointer.ts';
import { peekPointer, peekRevocations } from '../../channel/peek-channel.ts';
import { type ChannelReader, readPointer, readRevocations, revokedIn } from '../../channel/read-channel.ts';
import type { Revocation } from '../../channel/revocation-list.ts';
import { IngotError } from '../../host/ingot-error.ts';

/** What the channels of a store say, and what is wrong with them. */
export interface ReadNames {
  readonly pointers: readonly ChannelPointer[];
  readonly revoked: readonly Revocation[];
  /** Channels, or the list of revoked versions, that must not be used; one line each. */
  readonly problems: readonly string[];
}

/** The lines of an error that is about one of several channels. */
function problemOf(error: unknown): string {
  if (error instanceof IngotError) return `${error.message} (${error.code})`;
  throw error;
}

/** Channels that name a version that was revoked. */
function namedRevoked(pointers: readonly ChannelPointer[], revoked: readonly Revocation[]): string[] {
  return pointers.flatMap((pointer) => {
    const found = revokedIn(pointer, revoked);
    return found === undefined
      ? []
      : [
          `${pointer.channel} names ${found.role} ${found.version}, which was revoked: ${found.why} (revoked-version)`,
        ];
  });
}

/** What the channels of a store say, without a check of a signature. */
async function peekNames(out: string): Promise<ReadNames> {
  const [revocations, ...pointers] = await Promise.all([
    peekRevocations(out),
    ...channelNames.map((channel) => peekPointer(out, channel)),
  ]);
  const known = pointers.filter((one) => typeof one === 'object');
  const revoked = typeof revocations === 'object' ? revocations.revoked : [];
  const problems = [revocations, ...pointers].filter((one) => typeof one === 'string');
  return { pointers: known, revoked, problems: [...problems, ...namedRevoked(known, revoked)] };
}

/**
 * What the channels of a store say.
 * @param reader without keys, nothing is verified or remembered
 */
export async function namesOfStore(reader: ChannelReader): Promise<ReadNames> {
  if (reader.keys.length === 0) return peekNames(reader.out);
  const problems: string[] = [];
  const pointers: ChannelPointer[] = [];
  for (const channel of channelNames)
    try {
      const read = await readPointer(reader, channel);
      if (read !== undefined) pointers.push(read.value);
    } catch (error) {
      problems.push(problemOf(error));
    }
  let revoked: readonly Revocation[] = [];
  try {
    const least = Math.max(0, ...pointers.map(({ revocations }) => revocations));
    revoked = (await readRevocations(reader, least))?.value.revoked ?? [];
  } catch (error) {
    problems.push(problemOf(error));
  }
  return { pointers, revoked, problems: [...problems, ...namedRevoked(pointers, revoked)] };
}
