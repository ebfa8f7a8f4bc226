import type { NodeSample } from '../node-sample.ts';
import type { TimedSample } from './writers.ts';

/** A sample as it arrived, with the time by our own clock (milliseconds since 1970). */
export interface ReceivedSample {
  readonly node: string;
  readonly arrived: number;
  readonly sample: NodeSample;
}

const bootOf = ({ node, sample }: ReceivedSample): string => `${node} ${sample.bootId ?? ''}`;

/**
 * Converts the samples to our own clock. Each node has its own clock; the sample with the shortest delay gives the best
 * estimate of the offset, so that a delayed line is not taken for a late sample.
 */
export function timedSamples(received: readonly ReceivedSample[]): TimedSample[] {
  const offsets = new Map<string, number>();
  for (const one of received) {
    const offset = one.arrived - (one.sample.at + one.sample.took) * 1000;
    offsets.set(bootOf(one), Math.min(offset, offsets.get(bootOf(one)) ?? Infinity));
  }
  return received.map((one) => {
    const from = one.sample.at * 1000 + (offsets.get(bootOf(one)) ?? 0);
    return { node: one.node, from, to: from + one.sample.took * 1000, sample: one.sample };
  });
}
