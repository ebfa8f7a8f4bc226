import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Host } from '../host/host.ts';
import type { DiskIdentifiers } from '../inputs/plan/disk-identifiers.ts';
import { type Extent, sectorSize } from './disk-layout.ts';

/** 2 TiB in blocks of 4096 bytes: so far the file system can grow without moving its tables. */
const growsToBlocks = 2 ** 29;

/** ext4 as Debian has it, said here so that the build host's own mke2fs.conf does not matter (mke2fs.conf(5)). */
const configuration = `[defaults]
  base_features = sparse_super,large_file,filetype,resize_inode,dir_index,ext_attr
[fs_types]
  ext4 = {
    features = has_journal,extent,huge_file,flex_bg,metadata_csum,64bit,dir_nlink,extra_isize
  }
`;

interface DataPartition {
  readonly ids: DiskIdentifiers;
  /** Seconds since 1970. */
  readonly epoch: number;
  /** Absolute path of a folder. */
  readonly work: string;
}

/**
 * Makes an empty ext4, label ingot-data, at its place in a disk file (mke2fs(8)); its settings are written into the folder `work`. It is small and meant to grow on the node, so block size,
 * inodes and room for growth are those of a large one. mke2fs 1.47.0 takes its clock from E2FSPROGS_FAKE_TIME alone.
 */
export async function writeDataPartition(
  host: Host,
  disk: string,
  partition: Extent,
  { ids, epoch, work }: DataPartition,
): Promise<void> {
  const settings = join(work, 'mke2fs.conf');
  await writeFile(settings, configuration);
  const extended = [
    `offset=${partition.first * sectorSize}`,
    `hash_seed=${ids.dataHashSeed}`,
    `resize=${growsToBlocks}`,
    'root_owner=0:0',
    'lazy_itable_init=0',
    'lazy_journal_init=0',
  ].join(',');
  const shape = ['-b', '4096', '-I', '256', '-i', '16384', '-J', `size=${journalMebibytes(partition)}`];
  const kibibytes = `${(partition.sectors * sectorSize) / 1024}k`;
  const identity = ['-L', 'ingot-data', '-U', ids.dataUuid];
  await host.run(
    'mke2fs',
    ['-q', '-t', 'ext4', '-T', 'ext4', ...identity, ...shape, '-E', extended, disk, kibibytes],
    {
      env: { E2FSPROGS_FAKE_TIME: String(epoch), SOURCE_DATE_EPOCH: String(epoch), MKE2FS_CONFIG: settings },
    },
  );
}

/** A journal does not grow with its file system: a quarter of the partition, 4 to 64 MiB. */
function journalMebibytes(partition: Extent): number {
  const quarter = Math.floor((partition.sectors * sectorSize) / 1024 / 1024 / 4);
  return Math.min(64, Math.max(4, quarter));
}
