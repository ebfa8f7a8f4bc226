import { describe, expect, it } from 'vitest';
import {
  leadsAndWrites,
  longestGap,
  overlaps,
  saysElected,
  type TimedLook,
} from '../../../../src/rehearse/judge/writers.ts';
import { healthyLook, three } from '../../../samples/looks.ts';

/** Samples of a master, one a second from `begin`: "w" leads and can write, "l" reports that it leads, "." follows. */
function looks(node: string, begin: number, said: string): TimedLook[] {
  const place = three.find(({ name }) => name === node);
  if (place === undefined) throw new Error(node);
  return Array.from(said, (sign, index) => ({
    node,
    from: (begin + index) * 1000,
    to: (begin + index) * 1000 + 200,
    look: healthyLook(place, sign !== '.', { writes: sign !== 'l' }),
  }));
}

describe('two leaders at the same time', () => {
  it('do not occur when the leader changes with a pause', () => {
    const all = [...looks('master-1', 0, 'www..........'), ...looks('master-2', 0, '........wwwww')];
    expect(overlaps(all, leadsAndWrites)).toEqual([]);
  });

  it('are found if both could write', () => {
    const all = [...looks('master-1', 0, 'wwwwwwwwww...'), ...looks('master-2', 0, '........wwwww')];
    expect(overlaps(all, leadsAndWrites)).toMatchObject([{ nodes: ['master-1', 'master-2'] }]);
  });

  it('are distinguished from one that leads and one that only reports it', () => {
    const all = [...looks('master-1', 0, 'wwlllllllll..'), ...looks('master-2', 0, '........wwwww')];
    expect(overlaps(all, leadsAndWrites)).toEqual([]);
    const [said] = overlaps(all, saysElected);
    expect(said?.seconds).toBeCloseTo(3.8);
  });

  it('are assumed if there was no sample between a yes and the next sample', () => {
    const first = looks('master-1', 0, 'ww').concat(looks('master-1', 20, '..'));
    expect(overlaps([...first, ...looks('master-2', 10, 'www')], leadsAndWrites)).toHaveLength(1);
  });

  it('do not depend on the order in which the samples arrived', () => {
    const all = [...looks('master-1', 0, 'wwwwwwwwww...'), ...looks('master-2', 0, '........wwwww')];
    expect(overlaps([...all].reverse(), leadsAndWrites)).toHaveLength(1);
  });
});

describe('the longest time without a sample', () => {
  it('is from the end of one to the beginning of the next of the same node', () => {
    const all = [
      ...looks('master-1', 0, '...'),
      ...looks('master-1', 7, '..'),
      ...looks('master-2', 3, '..'),
    ];
    expect(longestGap(all)).toBeCloseTo(4.8);
    expect(longestGap([])).toBe(0);
  });
});
