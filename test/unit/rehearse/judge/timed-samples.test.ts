import { describe, expect, it } from 'vitest';
import { timedSamples } from '../../../../src/rehearse/judge/timed-samples.ts';
import { healthySample, three } from '../../../samples/node-samples.ts';

const [place] = three;
if (place === undefined) throw new Error('three places are three');
const heard = (arrived: number, at: number, bootId = 'one') => ({
  node: 'master-1',
  arrived,
  sample: healthySample(place, false, { at, took: 0.5, bootId }),
});

describe('samples timed by our own clock', () => {
  it('are not late because their lines were', () => {
    // The node's clock is 100 s behind; the second line was delayed by three seconds.
    const timed = timedSamples([heard(110_500, 10), heard(114_500, 11), heard(112_500, 12)]);
    expect(timed.map(({ from, to }) => [from, to])).toEqual([
      [110_000, 110_500],
      [111_000, 111_500],
      [112_000, 112_500],
    ]);
  });

  it('of two starts of a node have two clocks', () => {
    const timed = timedSamples([heard(110_500, 10), heard(200_500, 5, 'two')]);
    expect(timed.map(({ from }) => from)).toEqual([110_000, 200_000]);
  });
});
