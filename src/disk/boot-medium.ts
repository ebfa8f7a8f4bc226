import { mkdir, rm, symlink } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { Host } from '../host/host.ts';
import { diskIdentifiers } from '../inputs/plan/disk-identifiers.ts';
import type { DiskIdentity } from './disk-identity.ts';
import { makeMediumLoaders } from './grub-images.ts';
import type { SealedFiles } from './raw-disk.ts';

/** From Debian's grub-pc-bin: starts GRUB from the ISO if a BIOS sees it as a disk. */
const hybridBoot = '/usr/lib/grub/i386-pc/boot_hybrid.img';

export interface MediumOptions extends SealedFiles, DiskIdentity {
  /** Absolute path of the configuration of GRUB. */
  readonly grubConfig: string;
  /** Label of the file system: capitals, digits and hyphens, at most 32. */
  readonly label: string;
  /** Absolute path of a folder for temporary files; it is removed. */
  readonly work: string;
  readonly signal?: AbortSignal | undefined;
}

/** The time in the form of xorriso: YYYYMMDDhhmmsscc. */
function volumeDate(epoch: number): string {
  return `${new Date(epoch * 1000).toISOString().replaceAll(/\D/g, '').slice(0, 14)}00`;
}

/** Writes GRUB for UEFI into a small FAT file system, which firmware reads from the medium. */
async function writeEfiPartition(
  host: Host,
  file: string,
  loader: string,
  options: MediumOptions,
): Promise<void> {
  const { fatVolumeId } = diskIdentifiers(options.manifestSha256);
  const run = { env: { SOURCE_DATE_EPOCH: String(options.epoch), MTOOLSRC: '/dev/null' } };
  // FAT16 of 4 MiB: -C makes the file; the geometry is given because mtools refuses a wrong guess.
  const shape = [
    '-C',
    '-F',
    '16',
    '-s',
    '1',
    '-g',
    '64/32',
    '--invariant',
    '-i',
    fatVolumeId,
    '-n',
    'INGOT-EFI',
  ];
  await host.run('mkfs.vfat', [...shape, file, '4096'], run);
  await host.run('mmd', ['-i', file, '::/EFI', '::/EFI/BOOT'], run);
  await host.run('mcopy', ['-i', file, loader, '::/EFI/BOOT/BOOTX64.EFI'], run);
}

/**
 * Writes an ISO that boots by BIOS and UEFI, as a CD and as a disk (El Torito 1.0; xorrisofs(1); UEFI specification
 * 2.10, 13.3.2.1). The same files and identity give the same bytes.
 * @param file absolute path
 */
export async function writeBootMedium(host: Host, file: string, options: MediumOptions): Promise<void> {
  const { work, epoch, label, signal } = options;
  await rm(work, { recursive: true, force: true });
  const tree = join(work, 'tree');
  try {
    const loaders = await makeMediumLoaders(host, await madeFolder(work), label);
    const partition = join(work, 'efi.img');
    await writeEfiPartition(host, partition, loaders.efi, options);
    const files = {
      'boot/grub/eltorito.img': loaders.core,
      'boot/grub/grub.cfg': options.grubConfig,
      'ingot/vmlinuz': options.kernel,
      'ingot/initrd.img': options.initrd,
      'ingot/root.squashfs': options.squashfs,
      'ingot/root.verity': options.hashTree,
    };
    for (const [path, source] of Object.entries(files)) {
      await madeFolder(dirname(join(tree, path)));
      await symlink(source, join(tree, path));
    }
    const bios = [
      '-b',
      'boot/grub/eltorito.img',
      '-no-emul-boot',
      '-boot-load-size',
      '4',
      '-boot-info-table',
    ];
    const uefi = ['-eltorito-alt-boot', '-e', '--interval:appended_partition_2:all::', '-no-emul-boot'];
    await host.run(
      'xorriso',
      [
        ...['-no_rc', '-as', 'mkisofs', '-quiet', '-r', '-f', '-iso-level', '3', '-V', label, '-o', file],
        ...[`--modification-date=${volumeDate(epoch)}`, '--set_all_file_dates', volumeDate(epoch)],
        ...['--gpt_disk_guid', guidOf(options)],
        ...['--grub2-boot-info', '--grub2-mbr', hybridBoot, ...bios],
        ...['-append_partition', '2', '0xef', partition, '-appended_part_as_gpt', ...uefi],
        tree,
      ],
      { env: { SOURCE_DATE_EPOCH: String(epoch), TZ: 'UTC' }, ...(signal === undefined ? {} : { signal }) },
    );
  } catch (error) {
    await rm(file, { force: true });
    throw error;
  } finally {
    await rm(work, { recursive: true, force: true });
  }
}

const guidOf = ({ manifestSha256 }: MediumOptions): string => diskIdentifiers(manifestSha256).iso;

async function madeFolder(path: string): Promise<string> {
  await mkdir(path, { recursive: true });
  return path;
}
