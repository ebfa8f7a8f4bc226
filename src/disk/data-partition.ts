import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Host } from '../host/host.ts';
import type { DiskIdentifiers } from '../inputs/plan/disk-identifiers.ts';
import { type Extent, sectorSize } from './disk-layout.ts';

/** 2 TiB in blocks of 4096 bytes: the size up to which the file system can grow without moving its tables. */
const growsToBlocks = 2 ** 29;

/**
 * ext4 with Debian's defaults, given explicitly so that the build host's own mke2fs.conf has no effect
 * (mke2fs.conf(5)).
 */
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
  /** Absolute path of a folder for temporary files. */
  readonly work: string;
}

/**
 * Creates an empty ext4 file system with the label ingot-data inside a disk file (mke2fs(8)). Its mke2fs.conf is
 * written to the folder `work`. The partition is small and grows on the node, so the block size, inode ratio and
 * reserved growth are those of a large file system. mke2fs 1.47.0 takes its clock only from E2FSPROGS_FAKE_TIME.
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

/** Size of the journal, which does not grow with the file system: a quarter of the partition, 4 to 64 MiB. */
function journalMebibytes(partition: Extent): number {
  const quarter = Math.floor((partition.sectors * sectorSize) / 1024 / 1024 / 4);
  return Math.min(64, Math.max(4, quarter));
}
