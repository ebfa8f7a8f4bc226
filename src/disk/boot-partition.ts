import type { Host } from '../host/host.ts';
import { type Extent, sectorSize } from './disk-layout.ts';

export interface BootPartitionOptions {
  /** 8 hexadecimal digits. */
  readonly volumeId: string;
  /** Modification time of every file and folder, in seconds since 1970. */
  readonly epoch: number;
  /**
   * Absolute path in the partition ("/grub/grub.cfg") → file on the build host. Parent folders are created as needed.
   */
  readonly files: Readonly<Record<string, string>>;
  /** Absolute paths of folders to create even if they have no files. */
  readonly folders?: readonly string[];
  readonly signal?: AbortSignal | undefined;
}

/**
 * Creates a FAT32 file system with the label INGOT inside a disk file and fills it without a mount (mkfs.fat(8),
 * mtools(1)).
 */
export async function writeBootPartition(
  host: Host,
  disk: string,
  partition: Extent,
  options: BootPartitionOptions,
): Promise<void> {
  const run = {
    // The user's own mtools settings must not influence an image.
    env: { SOURCE_DATE_EPOCH: String(options.epoch), MTOOLSRC: '/dev/null' },
    ...(options.signal === undefined ? {} : { signal: options.signal }),
  };
  // Without --invariant the label's entry holds the current time; -i has to come after it.
  const identity = ['--invariant', '-i', options.volumeId, '-n', 'INGOT'];
  // The default geometry depends on the size, and mtools refuses one that does not divide it. 64 × 32 sectors are 1
  // MiB.
  const geometry = ['-g', '64/32'];
  const place = ['--offset', String(partition.first), '-h', String(partition.first)];
  const kibibytes = String((partition.sectors * sectorSize) / 1024);
  await host.run(
    'mkfs.vfat',
    [
      '-F',
      '32',
      '-s',
      String(clusterSectors(partition)),
      ...identity,
      ...geometry,
      ...place,
      disk,
      kibibytes,
    ],
    run,
  );
  const image = `${disk}@@${partition.first * sectorSize}`;
  const folders = [...new Set([...foldersOf(Object.keys(options.files)), ...(options.folders ?? [])])].sort();
  if (folders.length > 0)
    await host.run('mmd', ['-i', image, ...folders.map((folder) => `::${folder}`)], run);
  for (const [path, from] of Object.entries(options.files)) {
    await host.run('mcopy', ['-i', image, from, `::${path}`], run);
  }
}

/**
 * Sectors per cluster. By default mkfs.vfat chooses them by the size of the whole disk file. FAT32 requires at least
 * 65,525 clusters (Microsoft's FAT specification).
 */
function clusterSectors(partition: Extent): number {
  return partition.sectors / 8 > 70_000 ? 8 : 1;
}

/** All parent folders of the given paths, each after its own parent. */
function foldersOf(paths: readonly string[]): string[] {
  const folders = new Set<string>();
  for (const path of paths) {
    const parts = path.split('/').slice(1, -1);
    parts.forEach((_, index) => folders.add(`/${parts.slice(0, index + 1).join('/')}`));
  }
  return [...folders].sort();
}
