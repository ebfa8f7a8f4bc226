import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Host } from '../host/host.ts';

/** The modules that a grub.cfg may use. All are built in: the boot partition has no folder of modules. */
const modules = [
  ...['part_gpt', 'fat', 'search', 'search_fs_uuid', 'search_label', 'normal', 'configfile', 'linux', 'gzio'],
  ...[
    'serial',
    'terminal',
    'test',
    'echo',
    'true',
    'regexp',
    'loadenv',
    'ls',
    'cat',
    'sleep',
    'reboot',
    'halt',
    'minicmd',
  ],
];
/** Without a video driver the UEFI screen stays dark until the kernel loads its own driver. */
const efiModules = ['all_video', 'efi_gop'];

export interface GrubImages {
  /** core.img for the BIOS boot partition, or the boot image of a CD. */
  readonly core: string;
  /** BOOTX64.EFI. */
  readonly efi: string;
}

/**
 * Creates GRUB for BIOS and UEFI in `folder`. Both find the FAT file system with `fatUuid` ("1A2B-3C4D") and read
 * /grub/grub.cfg from it (grub-mkimage(1)).
 */
export function makeGrubImages(host: Host, folder: string, fatUuid: string): Promise<GrubImages> {
  const find = `search.fs_uuid ${fatUuid} root`;
  return makeImages(host, folder, { bios: 'i386-pc', find, prefix: '/grub', more: [] });
}

/**
 * Creates GRUB for a CD, by BIOS (El Torito) and UEFI. Both find the ISO 9660 file system with the label and read
 * /boot/grub/grub.cfg from it.
 */
export function makeMediumLoaders(host: Host, folder: string, label: string): Promise<GrubImages> {
  const find = `search.fs_label ${label} root`;
  return makeImages(host, folder, {
    bios: 'i386-pc-eltorito',
    find,
    prefix: '/boot/grub',
    more: ['iso9660'],
  });
}

interface ImageSettings {
  /** Format of grub-mkimage for BIOS. */
  readonly bios: string;
  /** The command that sets root to the file system with grub.cfg. */
  readonly find: string;
  /** The folder of grub.cfg. */
  readonly prefix: string;
  /** Further modules. */
  readonly more: readonly string[];
}

async function makeImages(
  host: Host,
  folder: string,
  { bios, find, prefix, more }: ImageSettings,
): Promise<GrubImages> {
  const early = join(folder, 'early.cfg');
  // A superuser without a password: if there is no grub.cfg, nobody can use GRUB's command line (GRUB manual,
  // "Authentication").
  const closed = 'set superusers=ingot\nexport superusers\n';
  await writeFile(early, `${closed}${find}\nset prefix=($root)${prefix}\n`);
  const core = join(folder, 'core.img');
  const efi = join(folder, 'BOOTX64.EFI');
  const make = async (format: string, output: string, extra: readonly string[]): Promise<void> => {
    const args = [`--format=${format}`, `--output=${output}`, `--prefix=${prefix}`, `--config=${early}`];
    await host.run('grub-mkimage', [...args, ...modules, ...more, ...extra]);
  };
  await make(bios, core, ['biosdisk']);
  await make('x86_64-efi', efi, efiModules);
  return { core, efi };
}
