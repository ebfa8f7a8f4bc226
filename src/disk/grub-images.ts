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
  /** core.img for the BIOS boot partition. */
  readonly core: string;
  /** BOOTX64.EFI. */
  readonly efi: string;
}

/**
 * Creates GRUB for BIOS and UEFI in `folder`. Both find the FAT file system with `fatUuid` ("1A2B-3C4D") and read
 * /grub/grub.cfg from it (grub-mkimage(1)).
 */
export async function makeGrubImages(host: Host, folder: string, fatUuid: string): Promise<GrubImages> {
  const early = join(folder, 'early.cfg');
  // A superuser without a password: if there is no grub.cfg, nobody can use GRUB's command line (GRUB manual,
  // "Authentication").
  const closed = 'set superusers=ingot\nexport superusers\n';
  await writeFile(early, `${closed}search.fs_uuid ${fatUuid} root\nset prefix=($root)/grub\n`);
  const core = join(folder, 'core.img');
  const efi = join(folder, 'BOOTX64.EFI');
  const make = async (format: string, output: string, extra: readonly string[]): Promise<void> => {
    const args = [`--format=${format}`, `--output=${output}`, '--prefix=/grub', `--config=${early}`];
    await host.run('grub-mkimage', [...args, ...modules, ...extra]);
  };
  await make('i386-pc', core, ['biosdisk']);
  await make('x86_64-efi', efi, efiModules);
  return { core, efi };
}
