import { describe, expect, it } from 'vitest';
import {
  claimsElection,
  leadsAndWrites,
  longestGap,
  overlaps,
  type TimedSample,
} from '../../../../src/rehearse/judge/writers.ts';
import { healthySample, three } from '../../../samples/node-samples.ts';

/** Looks of a master, one a second from `begin`: "w" leads and can write, "l" says that it leads, "." follows. */
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

describe('two leaders at one moment', () => {
  it('are not there when the lead changes hands with a pause', () => {
    const all = [...samples('master-1', 0, 'www..........'), ...samples('master-2', 0, '........wwwww')];
    expect(overlaps(all, leadsAndWrites)).toEqual([]);
  });

  it('are found when both could write', () => {
    const all = [...samples('master-1', 0, 'wwwwwwwwww...'), ...samples('master-2', 0, '........wwwww')];
    expect(overlaps(all, leadsAndWrites)).toMatchObject([{ nodes: ['master-1', 'master-2'] }]);
  });

  it('are told apart from one that leads and one that only says so', () => {
    const all = [...samples('master-1', 0, 'wwlllllllll..'), ...samples('master-2', 0, '........wwwww')];
    expect(overlaps(all, leadsAndWrites)).toEqual([]);
    const [said] = overlaps(all, claimsElection);
    expect(said?.seconds).toBeCloseTo(3.8);
  });

  it('are taken for there where nobody looked between a yes and the next look', () => {
    const first = samples('master-1', 0, 'ww').concat(samples('master-1', 20, '..'));
    expect(overlaps([...first, ...samples('master-2', 10, 'www')], leadsAndWrites)).toHaveLength(1);
  });

  it('do not depend on the order in which the looks came', () => {
    const all = [...samples('master-1', 0, 'wwwwwwwwww...'), ...samples('master-2', 0, '........wwwww')];
    expect(overlaps([...all].reverse(), leadsAndWrites)).toHaveLength(1);
  });
});

describe('the longest time without a look', () => {
  it('is that between the end of one and the beginning of the next of the same node', () => {
    const all = [
      ...samples('master-1', 0, '...'),
      ...samples('master-1', 7, '..'),
      ...samples('master-2', 3, '..'),
    ];
    expect(longestGap(all)).toBeCloseTo(4.8);
    expect(longestGap([])).toBe(0);
  });
});
