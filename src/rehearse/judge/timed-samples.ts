import type { Look } from '../node-sample.ts';
import type { TimedLook } from './writers.ts';

/** A look as it arrived, with the time by our own clock (milliseconds since 1970). */
export interface HeardLook {
  readonly node: string;
  readonly arrived: number;
  readonly look: Look;
}

const bootOf = ({ node, look }: HeardLook): string => `${node} ${look.bootId ?? ''}`;

/**
 * Converts the looks to our own clock. Each node has its own clock; the look with the shortest delay gives the best
 * estimate of the offset, so that a delayed line is not taken for a late look.
 */
export function timedLooks(heard: readonly HeardLook[]): TimedLook[] {
  const offsets = new Map<string, number>();
  for (const one of heard) {
    const offset = one.arrived - (one.look.at + one.look.took) * 1000;
    offsets.set(bootOf(one), Math.min(offset, offsets.get(bootOf(one)) ?? Infinity));
  }
  return heard.map((one) => {
    const from = one.look.at * 1000 + (offsets.get(bootOf(one)) ?? 0);
    return { node: one.node, from, to: from + one.look.took * 1000, look: one.look };
  });
}
