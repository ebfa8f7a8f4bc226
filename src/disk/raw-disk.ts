import { mkdir, open, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Host } from '../host/host.ts';
import { diskIdentifiers } from '../inputs/plan/disk-identifiers.ts';
import { installBiosBoot } from './bios-boot.ts';
import { writeBootPartition } from './boot-partition.ts';
import { writeDataPartition } from './data-partition.ts';
import { layOutDisk, sectorSize } from './disk-layout.ts';
import { writeGrubEnvironment } from './grub-environment.ts';
import { makeGrubImages } from './grub-images.ts';
import { writePartitionTable } from './partition-table.ts';

/** The sealed files that every format of an image contains; absolute paths. */
export interface SealedFiles {
  readonly squashfs: string;
  readonly hashTree: string;
  readonly kernel: string;
  readonly initrd: string;
}

export interface DiskOptions extends SealedFiles {
  /** The digest from which the identifiers are derived, hexadecimal. */
  readonly manifestSha256: string;
  /** The text of /grub/grub.cfg, which finds the partition by diskIdentifiers(manifestSha256).fatUuid. */
  readonly grubConfig: string;
  /** Absolute path of slot.cfg, which is copied to the first slot. */
  readonly slotConfig: string;
  /** Seconds since 1970: the only timestamp on the disk. */
  readonly epoch: number;
  /** Size of the data partition before it grows, in MiB; default 256. It takes no space in the sparse file. */
  readonly dataMebibytes?: number;
  readonly signal?: AbortSignal | undefined;
}

/**
 * Creates a sparse raw disk that boots with BIOS and UEFI. It uses only files: no mount, no loop device and no root
 * privileges on the build host. The image is in slot a; slot b is empty.
 * @param disk absolute path; the folder `disk`.parts next to it is used for temporary files
 * @returns the size of the disk in bytes, as a machine sees it
 */
export async function makeRawDisk(
  host: Host,
  disk: string,
  options: DiskOptions,
  onProgress: (what: string) => void,
): Promise<number> {
  const { epoch, signal } = options;
  const ids = diskIdentifiers(options.manifestSha256);
  const work = `${disk}.parts`;
  await rm(work, { recursive: true, force: true });
  await mkdir(work, { recursive: true });
  try {
    onProgress('making GRUB for BIOS and UEFI');
    const grub = await makeGrubImages(host, work, ids.fatUuid);
    const grubConfig = join(work, 'grub.cfg');
    await writeFile(grubConfig, options.grubConfig);
    const environment = join(work, 'grubenv');
    await writeGrubEnvironment(host, environment);
    const loader = {
      '/EFI/BOOT/BOOTX64.EFI': grub.efi,
      '/grub/grub.cfg': grubConfig,
      '/grub/grubenv': environment,
    };
    const slot = {
      '/a/vmlinuz': options.kernel,
      '/a/initrd.img': options.initrd,
      '/a/root.squashfs': options.squashfs,
      '/a/root.verity': options.hashTree,
      '/a/slot.cfg': options.slotConfig,
    };
    const layout = layOutDisk(
      { loader: await sizesOf(loader), slot: await sizesOf(slot) },
      options.dataMebibytes ?? 256,
    );

    onProgress('writing the partitions');
    await makeSparseFile(disk, layout.totalSectors * sectorSize);
    await writePartitionTable(host, disk, layout, ids);
    await installBiosBoot(disk, grub.core, layout.biosBoot);
    const files = { ...loader, ...slot };
    await writeBootPartition(host, disk, layout.boot, {
      volumeId: ids.fatVolumeId,
      epoch,
      files,
      folders: ['/b'],
      signal,
    });
    await writeDataPartition(host, disk, layout.data, { ids, epoch, work });
    return layout.totalSectors * sectorSize;
  } catch (error) {
    await rm(disk, { force: true });
    throw error;
  } finally {
    await rm(work, { recursive: true, force: true });
  }
}

function sizesOf(files: Readonly<Record<string, string>>): Promise<number[]> {
  return Promise.all(Object.values(files).map(async (file) => (await stat(file)).size));
}

async function makeSparseFile(file: string, size: number): Promise<void> {
  await rm(file, { force: true });
  const handle = await open(file, 'wx');
  await handle.truncate(size);
  await handle.close();
}
