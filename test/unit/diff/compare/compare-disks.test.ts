import { describe, expect, it } from 'vitest';
import { partitionAt } from '../../../../src/diff/compare/compare-disks.ts';

function tableWith(name: string, firstSector: number, lastSector: number): Buffer {
  const table = Buffer.alloc(34 * 512);
  table.write('EFI PART', 512, 'latin1');
  table.writeBigUInt64LE(BigInt(firstSector), 1024 + 32);
  table.writeBigUInt64LE(BigInt(lastSector), 1024 + 40);
  table.write(name, 1024 + 56, 'utf16le');
  return table;
}

describe('a byte of a disk', () => {
  const table = tableWith('ingot-boot', 2048, 4095);
  it.each([
    [0, 'in the partition table'],
    [34 * 512, 'outside of the partitions'],
    [2048 * 512, 'byte 0 of the partition ingot-boot'],
    [4096 * 512 - 1, 'byte 1048575 of the partition ingot-boot'],
    [4096 * 512, 'outside of the partitions'],
  ])('%i is %s', (offset, place) => {
    expect(partitionAt(table, offset)).toBe(place);
  });

  it('has no place on a disk without partitions', () => {
    expect(partitionAt(Buffer.alloc(34 * 512), 9)).toBe('on a disk without partition table');
  });
});
