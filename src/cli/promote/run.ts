import { basename, dirname, join, resolve } from 'node:path';
import { pointerType } from '../../channel/channel-pointer.ts';
import { namedForChannel } from '../../channel/named-for-channel.ts';
import {
  type Allowance,
  channelDemands,
  type PromotionPolicy,
} from '../../channel/policy/promotion-policy.ts';
import { type DonePromotion, pointed, promoteToChannel } from '../../channel/promote-to-channel.ts';
import { type ChannelReader, readPointer } from '../../channel/read-channel.ts';
import { settleChannel } from '../../channel/settle-channel.ts';
import { exitCodes } from '../../host/ingot-error.ts';
import { withProgress } from '../progress/progress.ts';
import type { promoteShape } from '../shapes/channel-shapes.ts';
import { channelKeysOf, channelReader } from '../shared/channel-reader.ts';
import { channelSignerOf } from '../shared/channel-signer.ts';
import { jsonText } from '../shared/json-text.ts';
import type { World } from '../world.ts';
import type { PromoteInput } from './options.ts';
import { promotedText, waveText } from './text.ts';
import { moveWave, planWave, requireEarlierWell, waveTools } from './wave.ts';

/** The policy that the command line asks for: what the channel demands, and more. */
export function policyOf(input: PromoteInput): PromotionPolicy {
  const allowed: readonly (readonly [boolean, Allowance])[] = [
    [input.allowUnverified, 'unverified'],
    [input.allowStandIns, 'stand-ins'],
    [input.allowUnrehearsed, 'unrehearsed'],
    [input.allowUncheckedCves, 'unchecked-cves'],
    [input.allowOlder, 'older'],
  ];
  return {
    ...channelDemands[input.channel],
    drills: input.rehearsed ?? [],
    maxSeverity: input.maxSeverity ?? 'medium',
    acceptedCves: input.acceptCve ?? [],
    allow: allowed.flatMap(([given, name]) => (given ? [name] : [])),
  };
}

const documentOf = ({ pointer, before, checked }: DonePromotion) => ({
  schema: 1 as const,
  pointer,
  before: before ?? null,
  versions: checked.map(({ version: { role, version }, found }) => ({
    ...{ role, version },
    vulnerabilities: found.map((one) => ({
      ...{ id: one.id, source: one.source, version: one.version },
      severity: one.severity ?? null,
      fixed: one.fixed ?? null,
      notAffected: one.vex ?? null,
    })),
  })),
});

async function promotedVersions(reader: ChannelReader, input: PromoteInput) {
  return namedForChannel(input.version, reader.out, async (channel) => {
    // The pointer that is signed again may have expired.
    const own = channel === input.channel;
    if (own) await settleChannel(reader, channel, pointerType);
    return (await readPointer(reader, channel, { mayBeExpired: own }))?.value;
  });
}

/** ingot promote: lets a channel, or a share of an inventory, have versions that the policy of the channel allows. */
export async function promoteVersions(world: World, input: PromoteInput): Promise<number> {
  const { host, signal, cwd } = world;
  const { channel } = input;
  const signer = await channelSignerOf(world, input);
  const reader = channelReader(world, input.out, await channelKeysOf(world, input.key, signer));
  const versions = await promotedVersions(reader, input);
  await settleChannel(reader, channel, pointerType);
  const before = (await readPointer(reader, channel, { mayBeExpired: true }))?.value;
  const wave = await planWave(world, input, pointed(versions), before);
  const names = versions.map(({ folder }) => join(basename(dirname(folder)), basename(folder)));
  const done = await withProgress({ stream: world.stream, now: () => host.now() }, async (progress) => {
    const tools = waveTools(world, input, progress);
    if (wave !== undefined) await requireEarlierWell(wave, tools, channel);
    const promoted = await progress.stage(`check ${names.join(', ')}`, (stage) =>
      promoteToChannel({
        ...{ host, reader, signer, versions, signal, channel, policy: policyOf(input) },
        feeds: input.feed.map((path) => resolve(cwd, path)),
        validMs: input.valid * 1000,
        rollout: wave?.rollout,
        replaces: before?.counter ?? 0,
        onFile: (path) => {
          stage.note(path);
        },
      }),
    );
    if (wave !== undefined) await moveWave(wave, input, tools);
    return promoted;
  });
  const nodes = wave?.nodes.map(({ name }) => name);
  const moved = input.storeUrl !== undefined;
  if (input.json) {
    const share = nodes === undefined ? null : { percent: input.wave ?? 100, nodes, moved };
    world.out(jsonText<typeof promoteShape>({ ...documentOf(done), wave: share }));
  } else world.out(promotedText(done) + (nodes === undefined ? '' : waveText(nodes, moved)));
  return exitCodes.done;
}
