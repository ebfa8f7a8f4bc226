import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { patchBootCode, patchCore } from '../../../src/disk/bios-boot.ts';

const sector = fc.integer({ min: 34, max: 2 ** 40 });

describe('GRUB for BIOS', () => {
  it('gets boot code that contains the sector of core.img, uses the booted disk, and does not change the partition table', () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 512, maxLength: 512 }), sector, (bytes, coreSector) => {
        const code = patchBootCode(Buffer.from(bytes), coreSector);
        expect(code.length).toBe(440);
        expect(code.readBigUInt64LE(0x5c)).toBe(BigInt(coreSector));
        expect([...code.subarray(0x64, 0x68)]).toEqual([0xff, bytes[0x65], 0x90, 0x90]);
        expect(code.subarray(0, 0x5c)).toEqual(Buffer.from(bytes.subarray(0, 0x5c)));
        expect(code.subarray(0x68)).toEqual(Buffer.from(bytes.subarray(0x68, 440)));
      }),
    );
  });

  it('gets a core.img whose block list covers all sectors after the first', () => {
    fc.assert(
      fc.property(fc.integer({ min: 513, max: 200_000 }), sector, (size, coreSector) => {
        const core = patchCore(Buffer.alloc(size, 1), coreSector);
        expect(core.length).toBe(size);
        expect(core.readBigUInt64LE(0x1f4)).toBe(BigInt(coreSector + 1));
        expect((core.readUInt16LE(0x1fc) + 1) * 512).toBeGreaterThanOrEqual(size);
        expect(core.readUInt16LE(0x1fc) * 512).toBeLessThan(size);
        expect(core.readUInt16LE(0x1fe)).toBe(0x820);
      }),
    );
  });
});
