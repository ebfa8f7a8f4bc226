import type { Host, RunOptions } from '../../host/host.ts';

/**
 * Capabilities that no program of a tree has while packages are configured and compose.d runs (capabilities(7)). With them root could
 * mount /proc anew, leave a chroot, read files by their inode, make a disk's device node, or set times and modules of the build host.
 */
const deniedCapabilities = [
  ...['audit_control', 'audit_read', 'block_suspend', 'bpf', 'checkpoint_restore', 'dac_read_search'],
  ...['linux_immutable', 'mac_admin', 'mac_override', 'mknod', 'net_admin', 'perfmon', 'sys_admin'],
  ...['sys_boot', 'sys_chroot', 'sys_module', 'sys_pacct', 'sys_ptrace', 'sys_rawio', 'sys_resource'],
  ...['sys_time', 'sys_tty_config', 'syslog', 'wake_alarm'],
];

/** The same for capsh(1), which drops them after it has entered the tree. */
export const capshDrop = `--drop=${deniedCapabilities.map((name) => `cap_${name}`).join(',')}`;

/** A hook of mmdebstrap that runs a line of shell in the tree `$1`, with the tree's links and without these capabilities. */
export function inTreeHook(line: string): string {
  return `capsh --chroot="$1" ${capshDrop} --shell=/bin/sh -- -euc '${line}'`;
}

/** Words that go before a program of the tree to run it without them (setpriv(1)). */
export const setpriv = [
  'setpriv',
  `--bounding-set=${deniedCapabilities.map((name) => `-${name}`).join(',')}`,
];

/**
 * Makes everything but the folder $1 read-only in the mount namespace: a program that follows a link of a tree to a file of the build
 * host is refused by the kernel. A mount that another hides cannot be reached, and need not be changed. Mount points are escaped in
 * mountinfo (proc(5)).
 */
const onlyFolderWritable = [
  'mount --bind "$1" "$1"',
  // Of the new PID namespace; a container may refuse it, and then the old one is made read-only below.
  'mount -t proc -o ro,nosuid,nodev,noexec proc /proc 2>/dev/null || :',
  String.raw`points=$(sed 's/^\([^ ]* \)\{4\}\([^ ]*\) .*/\2/; s/\\\([0-7]\{3\}\)/\\0\1/g' /proc/self/mountinfo)`,
  `printf '%s\\n' "$points" | while IFS= read -r point; do`,
  `  point=$(printf '%b.' "$point")`,
  '  point=${point%.}',
  '  [ "$point" != "$1" ] || continue',
  '  mount -o remount,bind,ro "$point" 2>/dev/null || ! mountpoint -q "$point" || { echo "ingot: $point cannot be made read-only" >&2; exit 1; }',
  'done',
];

/** A name for the folder `$1` that every program takes, whatever its path is: it is mounted there too, to be read. The place must exist. */
export const plainFolder = { path: '/run/ingot', mount: 'mount -o bind,ro "$1" /run/ingot' } as const;

/**
 * Runs shell in namespaces of its own: no network, a process table of its own, and no file of the build host that can be written but
 * those below one folder. `$1` is the folder, `$2` and on are the arguments. None of its processes or mounts is left when it ends,
 * however it ends (unshare(1), --kill-child).
 * @param folder absolute, without links in its path
 * @throws IngotError command-failed
 */
export async function sealedOff(
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
      ...['/bin/sh', '-euc', text, 'sealed-off', folder, ...args],
    ],
    options,
  );
}
