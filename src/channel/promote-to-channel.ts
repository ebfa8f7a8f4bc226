import type { KeyObject } from 'node:crypto';
import type { Host } from '../host/host.ts';
import { IngotError } from '../host/ingot-error.ts';
import type { Role } from '../inputs/roles.ts';
import { storedVersion } from '../store/stored-version.ts';
import { readBootRecord } from '../version/read-boot-record.ts';
import type { Signer } from '../version/signer.ts';
import { type ChannelName } from './channel-names.ts';
import { type ChannelPointer, type PointedVersions, pointerType, type Rollout } from './channel-pointer.ts';
import { type CheckedPromotion, checkPromotion, type PromotedVersion } from './policy/check-promotion.ts';
import type { Objection, PromotionPolicy } from './policy/promotion-policy.ts';
import { verifyForPromotion } from './policy/verify-for-promotion.ts';
import { type ChannelReader, readPointer, readRevocations, remember, seenPlaceOf } from './read-channel.ts';
import { readSeen } from './seen-counter.ts';
import { settleChannel } from './settle-channel.ts';
import { addToSeries, highestCounter } from './signed-series.ts';
import { readSignedText, signedText } from './signed-text.ts';

export interface PromotionRequest {
  readonly host: Host;
  readonly reader: ChannelReader;
  readonly signer: Signer;
  readonly channel: ChannelName;
  readonly versions: readonly PromotedVersion[];
  readonly policy: PromotionPolicy;
  /** Absolute paths of feeds of vulnerabilities. */
  readonly feeds: readonly string[];
  /** How long the pointer is valid. */
  readonly validMs: number;
  readonly signal: AbortSignal;
  /** Called with each path of a version before it is read. */
  readonly onFile?: (path: string) => void;
  /** For a wave: the rollout in the pointer; undefined moves the channel itself. */
  readonly rollout?: Omit<Rollout, 'versions'> | undefined;
  /** The counter of the pointer that the caller has read; 0 if there was none. Another one is not replaced. */
  readonly replaces: number;
}

/** A promotion that was done. */
export interface DonePromotion {
  readonly pointer: ChannelPointer;
  readonly before: ChannelPointer | undefined;
  readonly checked: readonly CheckedPromotion[];
}

/** Versions as a pointer names them. */
export const pointed = (versions: readonly PromotedVersion[]): PointedVersions =>
  Object.fromEntries(versions.map(({ role, version, rootHash }) => [role, { version, rootHash }]));

/** The pointer to sign a channel with: no other is accepted by those who read it with these keys. */
function requireOwnKey(signer: Signer, keys: readonly KeyObject[]): void {
  if (keys.some((key) => key.equals(signer.publicKey))) return;
  throw new IngotError({
    code: 'wrong-key',
    message: 'the key that signs the channel is not among the keys of --key',
    hint: 'name its public half too: --key FILE',
  });
}

/** What to do about objections: `flags` allow some of them; `absolute`: others are allowed by none. */
function promotableHint(flags: readonly string[], absolute: boolean): string {
  if (flags.length === 0) return 'remove the reasons; docs/channels.md explains the policy';
  const allow = flags.join(' ');
  return absolute
    ? `promote another version: ${allow} would not allow what has no flag here`
    : `remove the reasons, or allow on purpose what may be allowed: ${allow}`;
}

/** @throws IngotError not-promotable with every reason, and the flag that allows each */
function requirePromotable(
  channel: ChannelName,
  judged: readonly { readonly version: PromotedVersion; readonly objections: readonly Objection[] }[],
  allow: readonly string[],
): string[] {
  const all = judged.flatMap(({ version, objections }) =>
    objections.map((objection) => ({ version, ...objection })),
  );
  const open = all.filter(({ allowedBy }) => allowedBy === undefined || !allow.includes(allowedBy));
  if (open.length === 0) return [...new Set(all.flatMap(({ allowedBy }) => allowedBy ?? []))].sort();
  const flags = [
    ...new Set(open.flatMap(({ allowedBy }) => (allowedBy === undefined ? [] : [`--allow-${allowedBy}`]))),
  ];
  throw new IngotError({
    code: 'not-promotable',
    message: `not promoted to ${channel}:`,
    excerpt: open.map(
      ({ version: { role, version }, why, allowedBy }) =>
        `${role} ${version}: ${why}${allowedBy === undefined ? '' : ` (allowed by --allow-${allowedBy})`}`,
    ),
    hint: promotableHint(
      flags,
      open.some(({ allowedBy }) => allowedBy === undefined),
    ),
  });
}

/** Judges the versions; what a channel may not point to is refused before anything is written. */
async function judge(
  request: PromotionRequest,
  before: ChannelPointer | undefined,
): Promise<{ checked: CheckedPromotion[]; allowed: string[]; revocations: number }> {
  const { host, reader, versions, policy, feeds, signal, onFile, channel } = request;
  const { keys, out } = reader;
  const revocations = await readRevocations(reader, before?.revocations);
  const dateOf = async (role: Role, version: string): Promise<string | undefined> => {
    const stored = await storedVersion(out, role, version);
    const boot = stored === undefined ? undefined : await readBootRecord(stored.folder);
    return boot?.schema === 2 ? boot.date : undefined;
  };
  const after = { ...before?.versions, ...pointed(versions) };
  const facts = { keys, after, before, feeds, dateOf, revoked: revocations?.value.revoked ?? [] };
  const checked: CheckedPromotion[] = [];
  const judged: { version: PromotedVersion; objections: readonly Objection[] }[] = [];
  for (const version of versions) {
    const more = onFile === undefined ? {} : { onFile };
    const unsigned = await verifyForPromotion(host, version, { keys, signal, ...more });
    const one = await checkPromotion({ ...version, signed: unsigned.length === 0 }, policy, facts);
    checked.push(one);
    judged.push({ version, objections: [...unsigned, ...one.objections] });
  }
  const clusters = new Set(checked.flatMap(({ cluster }) => cluster ?? []));
  if (clusters.size > 1)
    judged.push(
      ...checked.map(({ version, cluster }) => ({
        version,
        objections: [{ why: `it is of the cluster ${cluster ?? 'unknown'}, and the other role of another` }],
      })),
    );
  const allowed = requirePromotable(channel, judged, policy.allow);
  return { checked, allowed, revocations: revocations?.value.counter ?? 0 };
}

/** The next pointer of a channel. */
function nextPointer(
  { channel, versions, validMs, rollout, reader: { host } }: PromotionRequest,
  before: ChannelPointer | undefined,
  more: Pick<ChannelPointer, 'counter' | 'revocations' | 'allowed' | 'cluster'>,
): ChannelPointer {
  const now = host.now();
  const named = pointed(versions);
  return {
    schema: 1,
    channel,
    ...more,
    issuedOn: new Date(now).toISOString(),
    expiresOn: new Date(now + validMs).toISOString(),
    versions: rollout === undefined ? { ...before?.versions, ...named } : (before?.versions ?? {}),
    ...(rollout === undefined ? {} : { rollout: { ...rollout, versions: named } }),
  };
}

/**
 * Signs a pointer as the next one of its channel and remembers it.
 * @param before the one that it replaces; nothing is written if another one was signed since
 * @throws IngotError channel-busy
 */
export async function addPointer(
  reader: ChannelReader,
  signer: Signer,
  pointer: ChannelPointer,
): Promise<void> {
  const text = await signedText(pointer, pointerType, signer);
  // A program that signs may do it with another key than the one that it was asked for.
  const own = readSignedText(text, pointerType, reader.keys);
  if ('why' in own)
    throw new IngotError({
      code: 'wrong-key',
      message: `what was signed ${own.why}`,
      hint: 'check the program of --signer: it signed with another key than its public half',
    });
  await addToSeries({ out: reader.out, name: pointer.channel }, pointer.counter, text);
  await remember(reader, await seenPlaceOf(reader, pointer.channel), {
    counter: pointer.counter,
    sha256: own.sha256,
  });
}

const channelBusy = (name: string): IngotError =>
  new IngotError({
    code: 'channel-busy',
    message: `another process has changed ${name} at the same time: nothing was changed here`,
    hint: 'look at what it did (ingot list), then run the command again if it is still needed',
  });

/** The counter of the next pointer: higher than any that was ever seen. */
export async function nextCounter(reader: ChannelReader, name: string, current: number): Promise<number> {
  const [seen, highest] = [
    await readSeen(await seenPlaceOf(reader, name)),
    await highestCounter({ out: reader.out, name }),
  ];
  // Exactly one more than the current one, so that of two processes only one can add it.
  if (highest > current) throw channelBusy(name);
  return Math.max(current, seen?.counter ?? 0) + 1;
}

/**
 * Lets a channel point to versions of the store, if the policy allows it.
 * @throws IngotError damaged-version, not-promotable, channel-busy, wrong-feed, and what readPointer throws; nothing is
 *   changed then
 */
export async function promoteToChannel(request: PromotionRequest): Promise<DonePromotion> {
  const { reader, signer, channel, policy } = request;
  requireOwnKey(signer, reader.keys);
  await settleChannel(reader, channel, pointerType);
  const before = (await readPointer(reader, channel, { mayBeExpired: true }))?.value;
  if ((before?.counter ?? 0) !== request.replaces) throw channelBusy(channel);
  const { checked, allowed, revocations } = await judge(request, before);
  const cluster = checked.find((one) => one.cluster !== undefined)?.cluster ?? before?.cluster;
  const accepted = policy.acceptedCves.filter((id) =>
    checked.some(({ found }) => found.some((one) => one.id === id)),
  );
  const pointer = nextPointer(request, before, {
    counter: await nextCounter(reader, channel, before?.counter ?? 0),
    revocations,
    allowed: [...allowed, ...accepted],
    ...(cluster === undefined ? {} : { cluster }),
  });
  await addPointer(reader, signer, pointer);
  return { pointer, before, checked };
}
