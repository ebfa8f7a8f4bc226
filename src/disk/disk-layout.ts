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
  /** Size of the whole disk, in sectors of 512 bytes. */
  readonly totalSectors: number;
}

/** FAT stores a file's size in 32 bits. */
const largestFatFile = 2 ** 32 - 1;
/** Minimum size: FAT32 needs 65,525 clusters of at least one sector, plus its two tables. */
const smallestBootMebibytes = 40;
/** Free space in the boot partition beyond its files, in MiB. */
const slackMebibytes = 16;
/** There are two slots. Each has space for an image that grows by half. */
const slotsRoom = 2 * 1.5;

/** Sizes in bytes of the files of a boot partition. */
export interface BootSizes {
  /** Files that exist once: GRUB and its settings. */
  readonly loader: readonly number[];
  /** Files of one slot. */
  readonly slot: readonly number[];
}

const sum = (sizes: readonly number[]): number => sizes.reduce((all, size) => all + size, 0);

/**
 * Calculates the partitions of a disk, all aligned to 1 MiB: BIOS boot (1 MiB), the boot partition (loader, two slots
 * with space to grow, FAT's own tables and slack), and the data partition, which is last so that it can grow. One free
 * MiB at the end of the disk holds the second partition table.
 * @throws IngotError too-large for a file that FAT cannot hold
 */
export function layOutDisk({ loader, slot }: BootSizes, dataMebibytes: number): DiskLayout {
  if ([...loader, ...slot].some((size) => size > largestFatFile)) {
    throw new IngotError({
      code: 'too-large',
      message: 'the root is 4 GiB or larger, and the boot partition (FAT) cannot hold such a file',
      hint: 'Remove packages or files from the role, or raise the compression level.',
    });
  }
  const content = sum(loader) + slotsRoom * sum(slot);
  // Two tables of 4 bytes for each cluster: at most 1/64 of the content, with clusters of one sector.
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
