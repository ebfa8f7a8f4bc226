import { accessSync, constants } from 'node:fs';
import { join } from 'node:path';
import { fixedEnvironment } from './environment.ts';
import { IngotError } from './ingot-error.ts';

export interface RequiredProgram {
  readonly program: string;
  /** The Debian package that contains it. */
  readonly debianPackage: string;
  readonly for: string;
}

/** Every program of the host that bakes and reproductions run. setup/host-packages names the same Debian packages. */
export const requiredPrograms: readonly RequiredProgram[] = [
  { program: 'apt-get', debianPackage: 'apt', for: 'choosing and fetching packages' },
  { program: 'apt-ftparchive', debianPackage: 'apt-utils', for: 'indexing the packages of a lock' },
  { program: 'gpgv', debianPackage: 'gpgv', for: 'checking the signatures of package sources' },
  { program: 'mmdebstrap', debianPackage: 'mmdebstrap', for: 'unpacking Debian packages' },
  { program: 'dpkg-deb', debianPackage: 'dpkg', for: 'reading .debs' },
  { program: 'packer', debianPackage: 'packer', for: 'the build guests' },
  { program: 'qemu-system-x86_64', debianPackage: 'qemu-system-x86', for: 'running guests' },
  { program: 'qemu-img', debianPackage: 'qemu-utils', for: 'disk images' },
  { program: '/usr/share/OVMF/OVMF_CODE_4M.fd', debianPackage: 'ovmf', for: 'booting by UEFI' },
  { program: 'xorriso', debianPackage: 'xorriso', for: 'seeds of cloud-init, ISOs' },
  { program: 'ssh', debianPackage: 'openssh-client', for: 'asking booted nodes' },
  { program: 'ssh-keygen', debianPackage: 'openssh-client', for: 'the key of one bake' },
  { program: 'openssl', debianPackage: 'openssl', for: 'certificates for one rehearsal' },
  { program: 'tar', debianPackage: 'tar', for: 'trees' },
  { program: 'mksquashfs', debianPackage: 'squashfs-tools', for: 'the golden root' },
  { program: 'zstd', debianPackage: 'zstd', for: 'looking into initrds that differ (ingot reproduce)' },
  { program: 'veritysetup', debianPackage: 'cryptsetup-bin', for: 'the hash tree' },
  { program: 'getfattr', debianPackage: 'attr', for: 'extended attributes' },
  { program: 'capsh', debianPackage: 'libcap2-bin', for: 'running packages without rights over this host' },
  { program: 'mke2fs', debianPackage: 'e2fsprogs', for: 'the state partition' },
  { program: 'mkfs.vfat', debianPackage: 'dosfstools', for: 'the EFI system partition' },
  { program: 'mcopy', debianPackage: 'mtools', for: 'the EFI system partition' },
  { program: 'sgdisk', debianPackage: 'gdisk', for: 'the partition table' },
  { program: 'grub-mkimage', debianPackage: 'grub-common', for: 'boot loaders' },
  { program: '/usr/lib/grub/i386-pc/boot.img', debianPackage: 'grub-pc-bin', for: 'booting by BIOS' },
  {
    program: '/usr/lib/grub/x86_64-efi/kernel.img',
    debianPackage: 'grub-efi-amd64-bin',
    for: 'booting by UEFI',
  },
];

/** The boot loaders that a netboot tree contains. */
export const netbootLoaders: readonly RequiredProgram[] = ['undionly.kpxe', 'snponly.efi'].map((name) => ({
  program: `/usr/lib/ipxe/${name}`,
  debianPackage: 'ipxe',
  for: 'booting machines over the network',
}));

/** What `ingot netboot` and `ingot netboot serve` run or copy. A bake needs none of it. */
export const netbootPrograms: readonly RequiredProgram[] = [
  {
    program: 'dnsmasq',
    debianPackage: 'dnsmasq-base',
    for: 'DHCP and TFTP for machines that boot over the network',
  },
  { program: 'nginx', debianPackage: 'nginx', for: 'HTTP for machines that boot over the network' },
  { program: 'ip', debianPackage: 'iproute2', for: 'looking at the interface that machines boot from' },
  ...netbootLoaders,
];

/** What `ingot lock` runs for layers from git or an archive. A bake needs none of it. */
export const layerPrograms: readonly RequiredProgram[] = [
  { program: 'git', debianPackage: 'git', for: 'layers from a git repository' },
  { program: 'xz', debianPackage: 'xz-utils', for: 'layers from a tar.xz' },
];

function isInstalled(program: string): boolean {
  const candidates = program.startsWith('/')
    ? [program]
    : (fixedEnvironment({}).PATH ?? '').split(':').map((folder) => join(folder, program));
  return candidates.some((path) => {
    try {
      accessSync(path, program.startsWith('/') ? constants.R_OK : constants.X_OK);
      return true;
    } catch {
      return false;
    }
  });
}

/** Those of the given programs that the host lacks. */
export function missingPrograms(programs: readonly RequiredProgram[] = requiredPrograms): RequiredProgram[] {
  return programs.filter(({ program }) => !isInstalled(program));
}

/**
 * Requires programs of the host.
 * @throws IngotError missing-program that names each program, its purpose and the Debian package that contains it
 */
export function requirePrograms(programs: readonly RequiredProgram[] = requiredPrograms): void {
  const missing = missingPrograms(programs);
  if (missing.length === 0) return;
  throw new IngotError({
    code: 'missing-program',
    message: `${missing.length === 1 ? 'a program is' : `${missing.length} programs are`} missing on this host:`,
    excerpt: missing.map(
      ({ program, debianPackage, for: use }) => `${program} (Debian package ${debianPackage}): ${use}`,
    ),
    hint: `install: apt-get install --no-install-recommends ${[...new Set(missing.map((one) => one.debianPackage))].join(' ')}`,
  });
}
