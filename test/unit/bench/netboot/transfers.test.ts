import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { sharedOut, wholeTransfers } from '../../../../bench/netboot/transfers.ts';

describe('a crowd of clients', () => {
  it('has those whose transfer was whole, and no others', () => {
    expect(wholeTransfers('200 100\n200 40\n000 0\n404 100\n200 100\n', 100)).toBe(2);
    expect(wholeTransfers('', 100)).toBe(0);
  });

  it.each([
    [1, [1]],
    [10, [5, 5]],
    [500, [250, 250]],
    [501, [167, 167, 167]],
  ])('of %d is shared out to processes of curl', (clients, shares) => {
    expect(sharedOut(clients, 2)).toEqual(shares);
  });

  it('is all there, however it is shared out, and no process carries more than it can', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 3000 }), fc.integer({ min: 1, max: 128 }), (clients, cores) => {
        const shares = sharedOut(clients, cores);
        expect(shares.reduce((sum, share) => sum + share, 0)).toBe(clients);
        expect(Math.max(...shares)).toBeLessThanOrEqual(250);
        expect(Math.min(...shares)).toBeGreaterThan(0);
      }),
    );
  });
});
