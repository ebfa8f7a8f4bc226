import { IngotError } from '../host/ingot-error.ts';

export const sectorSize = 512;
const mebibyte = 1024 * 1024;
const sectorsPerMebibyte = mebibyte / sectorSize;

/** First sector and length, in sectors of 512 bytes. */
export interface Extent {
  readonly first: number;
  readonly sectors: number;
}

export interface DiskLayout {
  readonly biosBoot: Extent;
  readonly boot: Extent;
  readonly data: Extent;
  /** Of the whole disk. */
  readonly totalSectors: number;
}

/** FAT keeps a file's size in 32 bits. */
const largestFatFile = 2 ** 32 - 1;
/** FAT32 needs 65,525 clusters of at least one sector, and its two tables. */
const smallestBootMebibytes = 40;
/** Room in the boot partition beyond its files, in MiB. */
const slackMebibytes = 16;
/** Each slot has room for an image that has grown by half; there are two slots. */
const slotsRoom = 2 * 1.5;

/** Sizes in bytes of the files of a boot partition. */
export interface BootSizes {
  /** What is there once: GRUB and its settings. */
  readonly loader: readonly number[];
  /** What one slot holds. */
  readonly slot: readonly number[];
}

const sum = (sizes: readonly number[]): number => sizes.reduce((all, size) => all + size, 0);

/**
 * Places the partitions of a disk, all on MiB: BIOS boot (1 MiB), boot partition (its loader, two slots with room to grow, FAT's own
 * tables and slack), and last, so that it can grow, data. After it a free MiB holds the second partition table.
 * @throws IngotError too-large for a file that FAT cannot hold
 */
export function layOutDisk({ loader, slot }: BootSizes, dataMebibytes: number): DiskLayout {
  if ([...loader, ...slot].some((size) => size > largestFatFile)) {
    throw new IngotError({
      code: 'too-large',
      message: 'The root is 4 GiB or larger, and the boot partition (FAT) cannot hold such a file.',
      hint: 'Take packages or files out of the role, or raise the compression level.',
    });
  }
  const content = sum(loader) + slotsRoom * sum(slot);
  // Two tables of 4 bytes for each cluster: at most a sixty-fourth, with clusters of one sector.
  const wanted = Math.ceil((content * (1 + 1 / 64)) / mebibyte) + slackMebibytes;
  const bootMebibytes = Math.max(smallestBootMebibytes, wanted);
  const extent = (startMebibytes: number, mebibytes: number): Extent => ({
    first: startMebibytes * sectorsPerMebibyte,
    sectors: mebibytes * sectorsPerMebibyte,
  });
  return {
    biosBoot: extent(1, 1),
    boot: extent(2, bootMebibytes),
    data: extent(2 + bootMebibytes, dataMebibytes),
    totalSectors: (2 + bootMebibytes + dataMebibytes + 1) * sectorsPerMebibyte,
  };
}
