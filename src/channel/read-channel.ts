import type { KeyObject } from 'node:crypto';
import { realpath } from 'node:fs/promises';
import { setTimeout as wait } from 'node:timers/promises';
import type { Host } from '../host/host.ts';
import { IngotError } from '../host/ingot-error.ts';
import { allRoles } from '../inputs/roles.ts';
import { noImage } from '../store/require-version.ts';
import { type Dated, whyRefused } from './accept.ts';
import { type ChannelName } from './channel-names.ts';
import { type ChannelPointer, pointerOf, pointerType } from './channel-pointer.ts';
import {
  type Revocation,
  type RevocationList,
  revocationListOf,
  revocationOf,
  revocationsName,
  revocationsType,
} from './revocation-list.ts';
import { readSeen, rememberSeen, type SeenCounter, type SeenPlace } from './seen-counter.ts';
import { currentFile, currentText, highestCounter, type SeriesPlace } from './signed-series.ts';
import { readSignedText } from './signed-text.ts';

/** Who reads the channels of a store. */
export interface ChannelReader {
  readonly host: Pick<Host, 'now' | 'warn'>;
  /** Absolute path of the store. */
  readonly out: string;
  /** Absolute folder of what this user's ingot remembers. */
  readonly memory: string;
  /** Public keys; a signature by one of them is enough. */
  readonly keys: readonly KeyObject[];
}

/** A kind of signed text. */
interface TextKind<T> {
  readonly name: string;
  /** How messages name it. */
  readonly what: string;
  readonly payloadType: string;
  readonly parse: (value: unknown) => T | undefined;
}

/** A signed text that is the newest. */
export interface NewestText<T> {
  readonly value: T;
  readonly sha256: string;
  readonly signedBy: string;
}

const channelKind = (channel: ChannelName): TextKind<ChannelPointer> => ({
  name: channel,
  what: `the pointer of ${channel}`,
  payloadType: pointerType,
  parse: (value) => {
    const pointer = pointerOf(value);
    return pointer?.channel === channel ? pointer : undefined;
  },
});

const revocationsKind: TextKind<RevocationList> = {
  name: revocationsName,
  what: 'the list of revoked versions',
  payloadType: revocationsType,
  parse: revocationListOf,
};

const wrongText = (label: string, why: string): IngotError =>
  new IngotError({
    code: 'wrong-channel',
    message: `${label} ${why}`,
    hint: 'check that the key is the right one; if it is, copy the folder channels of the store again',
  });

const pauseMs = 100;
const patience = 20;

/**
 * The current text. Another process may be between adding a text and making it the current one, which takes it
 * milliseconds.
 */
async function settledText(
  place: SeriesPlace,
  counterOf: (text: string) => number,
): Promise<string | undefined> {
  for (let tried = 0; ; tried += 1) {
    const highest = await highestCounter(place);
    const text = await currentText(place);
    const counter = text === undefined ? 0 : counterOf(text);
    if (counter >= highest) return text;
    if (tried < patience) {
      await wait(pauseMs);
      continue;
    }
    throw new IngotError({
      code: 'rolled-back-channel',
      message: `${currentFile(place)} ${text === undefined ? 'is missing' : `has the number ${counter}`}, but the store has number ${highest}: an older one was put back, or the process that wrote it was killed`,
      hint: 'find out who changed the store; the next ingot promote or ingot revoke puts the newest one in place',
    });
  }
}

/** Where this user's ingot remembers a series of a store. */
export async function seenPlaceOf({ out, memory }: ChannelReader, name: string): Promise<SeenPlace> {
  return { memory, name, place: await realpath(out).catch(() => out) };
}

/** Remembers a text that was accepted. A memory that cannot be written is said, and stops nothing. */
export async function remember(
  { host }: ChannelReader,
  where: SeenPlace,
  { counter, sha256 }: Pick<SeenCounter, 'counter' | 'sha256'>,
): Promise<void> {
  try {
    await rememberSeen(where, { counter, sha256, seenOn: host.now() });
  } catch (error) {
    if (
      !['EACCES', 'EROFS', 'EPERM', 'ENOSPC', 'ENOTDIR'].includes((error as NodeJS.ErrnoException).code ?? '')
    )
      throw error;
    host.warn?.(
      `number ${counter} of ${where.name} cannot be remembered in ${where.memory} (${String(error)}): an older one would be accepted next time`,
    );
  }
}

async function readNewest<T extends Omit<Dated, 'sha256'>>(
  reader: ChannelReader,
  kind: TextKind<T>,
  mayBeExpired: boolean,
): Promise<NewestText<T> | undefined> {
  const place = { out: reader.out, name: kind.name };
  const counterIn = (text: string): number => {
    const payload = readSignedText(text, kind.payloadType, reader.keys);
    return 'why' in payload ? Infinity : (kind.parse(payload.value)?.counter ?? Infinity);
  };
  const text = await settledText(place, counterIn);
  return acceptText(reader, kind, { label: currentFile(place), text, mayBeExpired });
}

/** A text that was read from a store or from another place. */
interface OfferedText {
  /** Its file or address, for messages. */
  readonly label: string;
  /** undefined if the place has none. */
  readonly text: string | undefined;
  readonly mayBeExpired?: boolean;
}

/** Accepts a text if it is signed and not older than one that was read before, and remembers its counter. */
async function acceptText<T extends Omit<Dated, 'sha256'>>(
  reader: ChannelReader,
  kind: TextKind<T>,
  { label, text, mayBeExpired = false }: OfferedText,
): Promise<NewestText<T> | undefined> {
  const { host, keys } = reader;
  const where = await seenPlaceOf(reader, kind.name);
  const seen = await readSeen(where);
  if (text === undefined) {
    if (seen === undefined) return undefined;
    throw new IngotError({
      code: 'rolled-back-channel',
      message: `${label} is missing, and number ${seen.counter} was read before`,
      hint: 'do not use this store: find out who changed it, and restore its folder channels',
    });
  }
  const payload = readSignedText(text, kind.payloadType, keys);
  if ('why' in payload) throw wrongText(label, payload.why);
  const value = kind.parse(payload.value);
  if (value === undefined) throw wrongText(label, `is signed, but is not ${kind.what}`);
  const { sha256, signedBy } = payload;
  const refused = whyRefused(kind.what, { ...value, sha256 }, { seen, now: host.now(), mayBeExpired });
  if (refused !== undefined) throw new IngotError(refused);
  await remember(reader, where, { counter: value.counter, sha256 });
  return { value, sha256, signedBy };
}

/**
 * Reads what a channel points to, and remembers its counter.
 * @param options mayBeExpired: for whoever signs the next one
 * @returns undefined if the store has never had the channel
 * @throws IngotError wrong-channel, rolled-back-channel, expired-channel, host-not-ready for a wrong clock
 */
export function readPointer(
  reader: ChannelReader,
  channel: ChannelName,
  options: { readonly mayBeExpired?: boolean } = {},
): Promise<NewestText<ChannelPointer> | undefined> {
  return readNewest(reader, channelKind(channel), options.mayBeExpired === true);
}

/**
 * Reads the list of revoked versions, and remembers its counter.
 * @param least the counter that a pointer names: a list with a lower one is an older one
 * @returns undefined if nothing was ever revoked
 * @throws IngotError wrong-channel, rolled-back-channel, host-not-ready for a wrong clock
 */
export async function readRevocations(
  reader: ChannelReader,
  least = 0,
): Promise<NewestText<RevocationList> | undefined> {
  return notBefore(least, await readNewest(reader, revocationsKind, false));
}

function notBefore<T extends NewestText<RevocationList> | undefined>(least: number, newest: T): T {
  if ((newest?.value.counter ?? 0) >= least) return newest;
  throw new IngotError({
    code: 'rolled-back-channel',
    message: `a channel was signed after number ${least} of the list of revoked versions, and the store has ${newest === undefined ? 'none' : `number ${newest.value.counter}`}`,
    hint: 'do not use it: find out who changed the store, and restore the newest files of its folder channels',
  });
}

/**
 * Judges a pointer that was read from another place than a store: a registry. The place is `out` of the reader.
 * @returns undefined if the place has never had the channel
 * @throws the errors of readPointer
 */
export function acceptPointer(
  reader: ChannelReader,
  channel: ChannelName,
  offered: Omit<OfferedText, 'mayBeExpired'>,
): Promise<NewestText<ChannelPointer> | undefined> {
  return acceptText(reader, channelKind(channel), offered);
}

/**
 * Judges a list of revoked versions that was read from another place than a store.
 * @throws the errors of readRevocations
 */
export async function acceptRevocations(
  reader: ChannelReader,
  offered: Omit<OfferedText, 'mayBeExpired'>,
  least = 0,
): Promise<NewestText<RevocationList> | undefined> {
  return notBefore(least, await acceptText(reader, revocationsKind, offered));
}

/** A version that a pointer names although it was revoked; undefined if there is none. */
export function revokedIn(
  { versions, rollout }: ChannelPointer,
  revoked: readonly Revocation[],
): Revocation | undefined {
  const named = [versions, rollout?.versions ?? {}].flatMap((some) =>
    allRoles.map((role) => ({ role, ...some[role] })),
  );
  return named
    .flatMap(({ role, version, rootHash }) =>
      version === undefined || rootHash === undefined
        ? []
        : revocationOf(revoked, { role, version, rootHash }),
    )
    .find((one) => one !== undefined);
}

/**
 * Reads a channel for whoever takes versions from it.
 * @throws IngotError no-image if the store does not have the channel; revoked-version if it names a version that was
 *   revoked; and what readPointer and readRevocations throw
 */
export async function usableChannel(reader: ChannelReader, channel: ChannelName): Promise<ChannelPointer> {
  const newest = await readPointer(reader, channel);
  if (newest === undefined)
    throw noImage({
      out: reader.out,
      because: `nothing was promoted to ${channel}`,
      hint: `ingot promote VERSION ${channel}`,
    });
  const revocations = await readRevocations(reader, newest.value.revocations);
  const found = revokedIn(newest.value, revocations?.value.revoked ?? []);
  if (found === undefined) return newest.value;
  throw new IngotError({
    code: 'revoked-version',
    message: `${channel} names ${found.role} ${found.version}, which was revoked on ${found.on}: ${found.why}`,
    hint: `promote another version: ingot promote VERSION ${channel}`,
  });
}
