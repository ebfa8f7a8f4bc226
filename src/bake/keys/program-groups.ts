/** What unpacks packages into a tree. */
export const unpacking = [
  ...['apt', 'apt-utils', 'coreutils', 'dpkg', 'libcap2-bin'],
  ...['mmdebstrap', 'perl-base', 'tar', 'util-linux'],
] as const;

/** What writes a squashfs; mksquashfs compresses by a library of its own package. */
export const packing = ['libzstd1', 'squashfs-tools'] as const;

/** What runs a guest. */
export const emulating = ['qemu-system-x86', 'qemu-utils', 'seabios'] as const;
