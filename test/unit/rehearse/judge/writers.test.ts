import { describe, expect, it } from 'vitest';
import {
  claimsElection,
  leadsAndWrites,
  longestGap,
  overlaps,
  type TimedLook,
} from '../../../../src/rehearse/judge/writers.ts';
import { healthyLook, three } from '../../../samples/node-samples.ts';

/** Looks of a master, one a second from `begin`: "w" leads and can write, "l" says that it leads, "." follows. */
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

describe('two leaders at one moment', () => {
  it('are not there when the lead changes hands with a pause', () => {
    const all = [...looks('master-1', 0, 'www..........'), ...looks('master-2', 0, '........wwwww')];
    expect(overlaps(all, leadsAndWrites)).toEqual([]);
  });

  it('are found when both could write', () => {
    const all = [...looks('master-1', 0, 'wwwwwwwwww...'), ...looks('master-2', 0, '........wwwww')];
    expect(overlaps(all, leadsAndWrites)).toMatchObject([{ nodes: ['master-1', 'master-2'] }]);
  });

  it('are told apart from one that leads and one that only says so', () => {
    const all = [...looks('master-1', 0, 'wwlllllllll..'), ...looks('master-2', 0, '........wwwww')];
    expect(overlaps(all, leadsAndWrites)).toEqual([]);
    const [said] = overlaps(all, claimsElection);
    expect(said?.seconds).toBeCloseTo(3.8);
  });

  it('are taken for there where nobody looked between a yes and the next look', () => {
    const first = looks('master-1', 0, 'ww').concat(looks('master-1', 20, '..'));
    expect(overlaps([...first, ...looks('master-2', 10, 'www')], leadsAndWrites)).toHaveLength(1);
  });

  it('do not depend on the order in which the looks came', () => {
    const all = [...looks('master-1', 0, 'wwwwwwwwww...'), ...looks('master-2', 0, '........wwwww')];
    expect(overlaps([...all].reverse(), leadsAndWrites)).toHaveLength(1);
  });
});

describe('the longest time without a look', () => {
  it('is that between the end of one and the beginning of the next of the same node', () => {
    const all = [
      ...looks('master-1', 0, '...'),
      ...looks('master-1', 7, '..'),
      ...looks('master-2', 3, '..'),
    ];
    expect(longestGap(all)).toBeCloseTo(4.8);
    expect(longestGap([])).toBe(0);
  });
});
