import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { clientsPerProcess, completeTransfers } from '../../../../bench/netboot/transfers.ts';

describe('a load of many clients', () => {
  it('counts only complete transfers', () => {
    expect(completeTransfers('200 100\n200 40\n000 0\n404 100\n200 100\n', 100)).toBe(2);
    expect(completeTransfers('', 100)).toBe(0);
  });

  it.each([
    [1, [1]],
    [10, [5, 5]],
    [500, [250, 250]],
    [501, [167, 167, 167]],
  ])('of %d is spread over processes of curl', (clients, shares) => {
    expect(clientsPerProcess(clients, 2)).toEqual(shares);
  });

  it('keeps the number of clients, and no process gets more than its maximum', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 3000 }), fc.integer({ min: 1, max: 128 }), (clients, cores) => {
        const shares = clientsPerProcess(clients, cores);
        expect(shares.reduce((sum, share) => sum + share, 0)).toBe(clients);
        expect(Math.max(...shares)).toBeLessThanOrEqual(250);
        expect(Math.min(...shares)).toBeGreaterThan(0);
      }),
    );
  });
});
