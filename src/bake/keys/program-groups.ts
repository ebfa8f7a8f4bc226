/** Packages whose programs unpack packages into a tree. */
export const unpackPrograms = [
  ...['apt', 'apt-utils', 'coreutils', 'dpkg', 'libcap2-bin'],
  ...['mmdebstrap', 'perl-base', 'tar', 'util-linux'],
] as const;

/** Packages whose programs write a squashfs; mksquashfs uses a compression library from a package of its own. */
export const packPrograms = ['libzstd1', 'squashfs-tools'] as const;

/** Packages whose programs run a guest. */
export const emulatorPrograms = ['qemu-system-x86', 'qemu-utils', 'seabios'] as const;
