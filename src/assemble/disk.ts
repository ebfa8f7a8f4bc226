import { mkdir, open, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { sha256File } from '../host/sha256-file.ts';
import type { Host } from '../host/host.ts';
import { diskIdentifiers } from '../plan/disk-identifiers.ts';
import { installBiosBoot } from './bios-boot.ts';
import { writeBootPartition } from './boot-partition.ts';
import { writeDataPartition } from './data-partition.ts';
import { layOutDisk, sectorSize } from './disk-layout.ts';
import { makeGrubImages } from './grub-images.ts';
import { writePartitionTable } from './partition-table.ts';

export interface DiskOptions {
  /** Absolute paths of the sealed files, and the digest that the identifiers are derived from. */
  readonly squashfs: string;
  readonly hashTree: string;
  readonly kernel: string;
  readonly initrd: string;
  readonly manifestSha256: string;
  /** The text of /grub/grub.cfg; it finds the partition by diskIdentifiers(manifestSha256).fatUuid. */
  readonly grubConfig: string;
  /** Seconds since 1970: the only time on the disk. */
  readonly epoch: number;
  /** Absolute path of the qcow2 to write. */
  readonly outFile: string;
  /** Size of the data partition before it grows, in MiB; default 256. It takes no room in the file. */
  readonly dataMebibytes?: number;
  /** Compress the qcow2 with zstd; default no, because the root in it is compressed already. */
  readonly compress?: boolean;
  readonly signal?: AbortSignal;
}

export interface AssembledDisk {
  readonly file: string;
  /** Bytes of the file, and of the disk that a machine sees. */
  readonly size: number;
  readonly virtualSize: number;
  readonly sha256: string;
}

/** Makes a disk that boots by BIOS and by UEFI out of files only: no mount, no loop device, no root of the build host in it. */
export async function assembleDisk(
  host: Host,
  options: DiskOptions,
  onProgress: (what: string) => void,
): Promise<AssembledDisk> {
  const { epoch, outFile, signal } = options;
  const ids = diskIdentifiers(options.manifestSha256);
  const work = `${outFile}.parts`;
  await rm(work, { recursive: true, force: true });
  await mkdir(work, { recursive: true });
  try {
    onProgress('making GRUB for BIOS and UEFI');
    const grub = await makeGrubImages(host, work, ids.fatUuid);
    const grubConfig = join(work, 'grub.cfg');
    await writeFile(grubConfig, options.grubConfig);
    const files = {
      '/EFI/BOOT/BOOTX64.EFI': grub.efi,
      '/grub/grub.cfg': grubConfig,
      '/vmlinuz': options.kernel,
      '/initrd.img': options.initrd,
      '/root.squashfs': options.squashfs,
      '/root.verity': options.hashTree,
    };
    const sizes = await Promise.all(Object.values(files).map(async (file) => (await stat(file)).size));
    const layout = layOutDisk(sizes, options.dataMebibytes ?? 256);

    onProgress('writing the partitions');
    const raw = join(work, 'disk.raw');
    await makeSparseFile(raw, layout.totalSectors * sectorSize);
    await writePartitionTable(host, raw, layout, ids);
    await installBiosBoot(raw, grub.core, layout.biosBoot);
    await writeBootPartition(host, raw, layout.boot, { volumeId: ids.fatVolumeId, epoch, files, signal });
    await writeDataPartition(host, raw, layout.data, ids, epoch);

    onProgress('converting to qcow2');
    await convertToQcow2(host, raw, outFile, options);
    return {
      file: outFile,
      size: (await stat(outFile)).size,
      virtualSize: layout.totalSectors * sectorSize,
      sha256: await sha256File(outFile),
    };
  } finally {
    await rm(work, { recursive: true, force: true });
  }
}

async function makeSparseFile(file: string, size: number): Promise<void> {
  const handle = await open(file, 'wx');
  await handle.truncate(size);
  await handle.close();
}

/** Never with -W: writing out of order gave three different files in three runs. */
async function convertToQcow2(host: Host, raw: string, outFile: string, options: DiskOptions): Promise<void> {
  const compress = options.compress === true ? ['-c', '-o', 'compression_type=zstd'] : [];
  await rm(outFile, { force: true });
  await host.run('qemu-img', ['convert', '-f', 'raw', '-O', 'qcow2', ...compress, raw, outFile], {
    ...(options.signal === undefined ? {} : { signal: options.signal }),
  });
}
