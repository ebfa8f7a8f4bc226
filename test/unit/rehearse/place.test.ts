import { describe, expect, it } from 'vitest';
import {
  addedMasters,
  masterPlaces,
  maxNodesOfRole,
  replacementOf,
  slavePlaces,
} from '../../../src/rehearse/place.ts';

describe('the places of a cluster', () => {
  it.each([3, 5, 7, 9])('of %i masters are in an order in which no id by sorted order is right', (count) => {
    const addresses = masterPlaces(count).map(({ address }) => address);
    const sorted = [...addresses].sort();
    const numeric = [...addresses].sort((a, b) => Number(a.split('.')[3]) - Number(b.split('.')[3]));
    addresses.forEach((address, index) => {
      expect(sorted[index]).not.toBe(address);
      expect(numeric[index]).not.toBe(address);
    });
  });

  it('are all different, including the masters that drills add', () => {
    const masters = masterPlaces(maxNodesOfRole);
    const all = [
      ...masters,
      ...addedMasters(maxNodesOfRole, 2),
      ...slavePlaces(maxNodesOfRole),
      ...masters.slice(0, 1).map(replacementOf),
    ];
    for (const key of ['name', 'address', 'mac'] as const)
      expect(new Set(all.map((place) => place[key])).size).toBe(all.length);
  });
});
