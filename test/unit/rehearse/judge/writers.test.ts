import { describe, expect, it } from 'vitest';
import {
  claimsElection,
  leadsAndWrites,
  longestGap,
  overlaps,
  type TimedSample,
} from '../../../../src/rehearse/judge/writers.ts';
import { healthySample, three } from '../../../samples/node-samples.ts';

/** Samples of a master, one a second from `begin`: "w" leads and can write, "l" reports that it leads, "." follows. */
function samples(node: string, begin: number, said: string): TimedSample[] {
  const place = three.find(({ name }) => name === node);
  if (place === undefined) throw new Error(node);
  return Array.from(said, (sign, index) => ({
    node,
    from: (begin + index) * 1000,
    to: (begin + index) * 1000 + 200,
    sample: healthySample(place, sign !== '.', { writes: sign !== 'l' }),
  }));
}

describe('two leaders at the same time', () => {
  it('do not occur when the leader changes with a pause', () => {
    const all = [...samples('master-1', 0, 'www..........'), ...samples('master-2', 0, '........wwwww')];
    expect(overlaps(all, leadsAndWrites)).toEqual([]);
  });

  it('are found if both could write', () => {
    const all = [...samples('master-1', 0, 'wwwwwwwwww...'), ...samples('master-2', 0, '........wwwww')];
    expect(overlaps(all, leadsAndWrites)).toMatchObject([{ nodes: ['master-1', 'master-2'] }]);
  });

  it('are distinguished from one that leads and one that only reports it', () => {
    const all = [...samples('master-1', 0, 'wwlllllllll..'), ...samples('master-2', 0, '........wwwww')];
    expect(overlaps(all, leadsAndWrites)).toEqual([]);
    const [said] = overlaps(all, claimsElection);
    expect(said?.seconds).toBeCloseTo(3.8);
  });

  it('are assumed if there was no sample between a yes and the next sample', () => {
    const first = samples('master-1', 0, 'ww').concat(samples('master-1', 20, '..'));
    expect(overlaps([...first, ...samples('master-2', 10, 'www')], leadsAndWrites)).toHaveLength(1);
  });

  it('do not depend on the order in which the samples arrived', () => {
    const all = [...samples('master-1', 0, 'wwwwwwwwww...'), ...samples('master-2', 0, '........wwwww')];
    expect(overlaps([...all].reverse(), leadsAndWrites)).toHaveLength(1);
  });
});

describe('the longest time without a sample', () => {
  it('is from the end of one to the beginning of the next of the same node', () => {
    const all = [
      ...samples('master-1', 0, '...'),
      ...samples('master-1', 7, '..'),
      ...samples('master-2', 3, '..'),
    ];
    expect(longestGap(all)).toBeCloseTo(4.8);
    expect(longestGap([])).toBe(0);
  });
});
