import type { Host, RunOptions } from '../../host/host.ts';

/**
 * Capabilities that no program of a tree has while packages are configured and compose.d runs (capabilities(7)). With
 * them, root could mount /proc again, leave a chroot, read files by inode, create a device node of a disk, or change
 * the clock and modules of the build host.
 */
const deniedCapabilities = [
  ...['audit_control', 'audit_read', 'block_suspend', 'bpf', 'checkpoint_restore', 'dac_read_search'],
  ...['linux_immutable', 'mac_admin', 'mac_override', 'mknod', 'net_admin', 'perfmon', 'sys_admin'],
  ...['sys_boot', 'sys_chroot', 'sys_module', 'sys_pacct', 'sys_ptrace', 'sys_rawio', 'sys_resource'],
  ...['sys_time', 'sys_tty_config', 'syslog', 'wake_alarm'],
];

/** The same for capsh(1), which drops them after entering the tree. */
export const capshDrop = `--drop=${deniedCapabilities.map((name) => `cap_${name}`).join(',')}`;

/**
 * Returns an mmdebstrap hook that runs a line of shell in the tree `$1`: links resolve inside the tree, and the
 * capabilities are dropped.
 */
export function inTreeHook(line: string): string {
  return `capsh --chroot="$1" ${capshDrop} --shell=/bin/sh -- -euc '${line}'`;
}

/** Prefix of a command that runs a program of the tree without these capabilities (setpriv(1)). */
export const setpriv = [
  'setpriv',
  `--bounding-set=${deniedCapabilities.map((name) => `-${name}`).join(',')}`,
];

/**
 * Perl that starts its arguments with a filter for system calls (seccomp(2)) that all processes below inherit: fsync(2)
 * and its relatives report success at once. dpkg calls it thousands of times for its database, and what a power failure
 * leaves of a tree is never used. Only speed is lost where the kernel refuses the filter,
 * and on other processors, whose numbers of calls differ.
 */
const withoutSync = [
  // fsync, fdatasync, sync, sync_file_range, syncfs of x86-64; the offset of the architecture in seccomp_data is 4.
  'my @calls = (74, 75, 162, 277, 306);',
  'my $filter = pack("SCCL", 0x20, 0, 0, 4) . pack("SCCL", 0x15, 0, @calls + 1, 0xc000003e) . pack("SCCL", 0x20, 0, 0, 0);',
  '$filter .= pack("SCCL", 0x15, @calls - $_, 0, $calls[$_]) for 0 .. $#calls;',
  // Allow, and "no error" without the call.
  '$filter .= pack("SCCL", 0x06, 0, 0, 0x7fff0000) . pack("SCCL", 0x06, 0, 0, 0x00050000);',
  // prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, …)
  'my $program = pack("S x6 P", length($filter) / 8, $filter);',
  'syscall(157, 22, 2, $program);',
  'exec @ARGV or die "ingot: $ARGV[0]: $!\\n";',
].join('\n');

/**
 * Makes everything but the folder $1 read-only in the mount namespace: if a program follows a link of a tree to a file
 * of the build host, the kernel refuses to write it. A mount that is hidden by another is unreachable and need not be
 * changed. Mount points are escaped in mountinfo (proc(5)).
 */
const onlyFolderWritable = [
  'mount --bind "$1" "$1"',
  // Mounts /proc of the new PID namespace. A container may refuse it; then the old one is made read-only below.
  'mount -t proc -o ro,nosuid,nodev,noexec proc /proc 2>/dev/null || :',
  String.raw`points=$(sed 's/^\([^ ]* \)\{4\}\([^ ]*\) .*/\2/; s/\\\([0-7]\{3\}\)/\\0\1/g' /proc/self/mountinfo)`,
  `printf '%s\\n' "$points" | while IFS= read -r point; do`,
  `  point=$(printf '%b.' "$point")`,
  '  point=${point%.}',
  '  [ "$point" != "$1" ] || continue',
  '  mount -o remount,bind,ro "$point" 2>/dev/null || ! mountpoint -q "$point" || { echo "ingot: $point cannot be made read-only" >&2; exit 1; }',
  'done',
];

/**
 * A path without special characters for the folder `$1`, which every program accepts: the folder is also mounted there,
 * read-only. The mount point must exist.
 */
export const plainFolder = { path: '/run/ingot', mount: 'mount -o bind,ro "$1" /run/ingot' } as const;

/**
 * Runs shell in its own namespaces: no network, its own process table, and no writable file of the build host except
 * below one folder. `$1` is the folder, `$2` and following are the arguments. However it ends, none of its processes or
 * mounts remains (unshare(1), --kill-child).
 * @param folder absolute, without links in its path
 * @throws IngotError command-failed
 */
export async function sandboxed(
  host: Host,
  folder: string,
  { script, args }: { readonly script: readonly string[]; readonly args: readonly string[] },
  options: RunOptions,
): Promise<void> {
  const text = [...onlyFolderWritable, ...script].join('\n');
  await host.run(
    'unshare',
    [
      ...['--mount', '--pid', '--net', '--ipc', '--fork', '--kill-child', '--propagation', 'private'],
      ...(process.arch === 'x64' ? ['perl', '-e', withoutSync, '--'] : []),
      ...['/bin/sh', '-euc', text, 'sealed-off', folder, ...args],
    ],
    options,
  );
}
