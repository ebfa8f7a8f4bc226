import type { ChannelName } from '../../channel/channel-names.ts';
import type { ChannelPointer } from '../../channel/channel-pointer.ts';
import { readPointer } from '../../channel/read-channel.ts';
import type { NightFacts } from '../../nightly/night.ts';
import { promoteVersions } from '../promote/run.ts';
import { channelReader } from '../shared/channel-reader.ts';
import { capturedWorld } from './captured.ts';
import { imagesOf, type NightWork } from './night-work.ts';

/** How long a pointer is valid. */
const validSeconds = 30 * 86_400;

/**
 * What the channel of a night points to now.
 * @returns undefined if nothing was ever promoted to it
 * @throws IngotError wrong-channel, rolled-back-channel
 */
export async function currentPointer({
  world,
  input,
  signer,
}: NightWork): Promise<ChannelPointer | undefined> {
  const reader = channelReader(world, input.out, [signer.publicKey]);
  return (await readPointer(reader, input.channel, { mayBeExpired: true }))?.value;
}

/** Whether a pointer names exactly these images and is fresh: two thirds of its time are left. */
export function pointsTo(
  pointer: ChannelPointer | undefined,
  images: ReturnType<typeof imagesOf>,
  now: number,
): boolean {
  if (pointer === undefined || pointer.rollout !== undefined) return false;
  const { versions, issuedOn, expiresOn } = pointer;
  const [from, to] = [Date.parse(issuedOn), Date.parse(expiresOn)];
  return (
    images.every(({ role, version }) => versions[role]?.version === version) &&
    now < to - (2 * (to - from)) / 3
  );
}

/**
 * Lets the channel of a night point to its versions, as ingot promote does; does nothing if it already does.
 * @returns what was done, in lines
 * @throws IngotError not-promotable if the policy of the channel does not allow them
 */
export async function publishToChannel(work: NightWork, facts: NightFacts): Promise<string[]> {
  const { world, input } = work;
  const { out, sign, signer, feed, allowStandIns } = input;
  const channel: ChannelName = input.channel;
  const images = imagesOf(facts);
  if (pointsTo(await currentPointer(work), images, world.host.now()))
    return [`${channel} already points to them`];
  const passed = (facts.drills ?? []).filter(({ result }) => result === 'passed').map(({ name }) => name);
  const captured = capturedWorld(world);
  await promoteVersions(captured.world, {
    ...{ out, sign, signer, channel, feed, allowStandIns },
    version: images.map(({ role, version }) => `${role}=${version}`).join(','),
    ...{ key: undefined, valid: validSeconds, rehearsed: passed, json: true },
    ...{ maxSeverity: undefined, acceptCve: undefined, allowUnverified: false, allowUnrehearsed: false },
    ...{ allowUncheckedCves: false, allowOlder: false },
    ...{ wave: undefined, inventory: undefined, storeUrl: undefined, atOnce: undefined },
    ...{ drain: true, settle: 3600, sshConfig: undefined },
  });
  return [`${channel} points to ${images.map(({ role, version }) => `${role} ${version}`).join(', ')}`];
}
