import { isDeepStrictEqual } from 'node:util';
import type { ChannelPointer, PointedVersions, Rollout } from '../channel/channel-pointer.ts';
import { IngotError } from '../host/ingot-error.ts';
import { inventoryDigest, shareOf, type WaveNode } from './wave-share.ts';

/** A wave that is to begin, or to go on. */
export interface NextWave {
  /** Nodes of earlier waves, which have to be well first. */
  readonly earlier: readonly WaveNode[];
  /** All nodes that have the versions after this wave. */
  readonly nodes: readonly WaveNode[];
  /** The rollout in the pointer; undefined for the last wave, with which the channel itself moves. */
  readonly rollout: Omit<Rollout, 'versions'> | undefined;
}

/**
 * Which nodes a wave consists of.
 * @param before what the channel points to now
 * @param salt of a rollout that begins with this wave
 * @throws IngotError wrong-usage for a share that is smaller than the one before; wrong-inventory if the inventory is
 *   not the one with which the rollout began
 */
export function nextWave(
  { percent, versions, nodes }: { percent: number; versions: PointedVersions; nodes: readonly WaveNode[] },
  before: ChannelPointer | undefined,
  salt: string,
): NextWave {
  const own = before?.rollout;
  const goesOn = own !== undefined && isDeepStrictEqual(own.versions, versions);
  const inventory = inventoryDigest(nodes);
  const all = (share: number, by: string) => shareOf(nodes, share, by);
  if (!goesOn)
    return {
      earlier: [],
      nodes: all(percent, salt),
      rollout: percent === 100 ? undefined : { percent, settled: 0, salt, inventory },
    };
  if (own.inventory !== inventory)
    throw new IngotError({
      code: 'wrong-inventory',
      message:
        'the inventory is not the one with which this rollout began: nodes were added, removed or changed',
      hint: 'use that one; or end the rollout (ingot promote CHANNEL CHANNEL), and begin again with this one',
    });
  if (percent < own.percent)
    throw new IngotError({
      code: 'wrong-usage',
      message: `--wave is ${percent}, and the rollout is at ${own.percent} % already`,
      hint: 'name a larger share, or the same one to go on after an interruption',
    });
  const settled = percent === own.percent ? own.settled : own.percent;
  return {
    earlier: all(settled, own.salt),
    nodes: all(percent, own.salt),
    rollout: percent === 100 ? undefined : { percent, settled, salt: own.salt, inventory },
  };
}
