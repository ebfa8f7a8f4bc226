import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { layOutDisk, sectorSize } from '../../../src/disk/disk-layout.ts';

const mebibyte = 1024 * 1024;

describe('the layout of a disk', () => {
  it('has BIOS boot, boot and data one after another on whole MiB, with space for both partition tables', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(2 ** 31)), fc.integer({ min: 16, max: 4096 }), (slot, dataMebibytes) => {
        const { biosBoot, boot, data, totalSectors } = layOutDisk({ loader: [5000], slot }, dataMebibytes);
        expect(biosBoot).toEqual({ first: 2048, sectors: 2048 });
        expect(boot.first).toBe(biosBoot.first + biosBoot.sectors);
        expect(data.first).toBe(boot.first + boot.sectors);
        expect(data.first % 2048).toBe(0);
        expect(data.sectors * sectorSize).toBe(dataMebibytes * mebibyte);
        expect(totalSectors - data.first - data.sectors).toBeGreaterThan(33);
        const content = slot.reduce((sum, size) => sum + size, 0);
        // The content of a slot may grow by half in each of the two.
        expect(boot.sectors * sectorSize).toBeGreaterThan(3 * content + 15 * mebibyte);
      }),
    );
  });

  it('is large enough for FAT32 even with hardly any content', () => {
    expect(layOutDisk({ loader: [], slot: [1] }, 64).boot.sectors).toBeGreaterThan(65_525);
  });

  it('refuses a root that FAT cannot contain, and reports it', () => {
    expect(() => layOutDisk({ loader: [], slot: [2 ** 32] }, 64)).toThrow(/4 GiB or larger/);
  });
});
