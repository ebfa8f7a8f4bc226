import type { Host } from '../host/host.ts';
import { watching, type ComposeOptions } from './compose-shared.ts';

/**
 * What mmdebstrap gives a tree while packages are configured (its setup_mounts): device nodes that work, /proc and /sys that cannot be
 * written, and nothing that starts a service. Each lies in a mount namespace, and ends with it, but for policy-rc.d.
 */
const surroundings = [
  'tree=$1',
  'for node in console full null ptmx random tty urandom zero; do',
  '  if [ -c "/dev/$node" ] && [ -e "$tree/dev/$node" ]; then mount --bind "/dev/$node" "$tree/dev/$node"; fi',
  'done',
  'mkdir -p "$tree/dev/pts" "$tree/dev/shm"',
  'mount -t devpts -o gid=5,mode=620,ptmxmode=666 devpts "$tree/dev/pts"',
  'mount -t tmpfs tmpfs "$tree/dev/shm"',
  // In a container the kernel may refuse a new one.
  'mount -t proc -o ro proc "$tree/proc" || mount --rbind /proc "$tree/proc"',
  'mount -t sysfs -o ro,nosuid,nodev,noexec sys "$tree/sys" || mount --rbind /sys "$tree/sys"',
  'if [ -f "$tree/usr/sbin/start-stop-daemon" ]; then mount --bind /bin/true "$tree/usr/sbin/start-stop-daemon"; fi',
  'printf "#!/bin/sh\\nexit 101\\n" >"$tree/usr/sbin/policy-rc.d"',
  'chmod 0755 "$tree/usr/sbin/policy-rc.d"',
];

/** What programs of a tree leave that is of one run (mmdebstrap's run_cleanup). */
const tidying = [
  'rm -f "$tree/usr/sbin/policy-rc.d" "$tree/var/cache/ldconfig/aux-cache" "$tree/var/lib/dbus/machine-id"',
  'rm -f "$tree/var/log/alternatives.log" "$tree/var/log/dpkg.log"',
  'if [ -e "$tree/etc/machine-id" ]; then rm "$tree/etc/machine-id"; : >"$tree/etc/machine-id"; fi',
  // Not /run/lock, which /var/lock leads to.
  'find "$tree/run" -xdev -mindepth 1 -maxdepth 1 ! -name lock -exec rm -r {} +',
  'find "$tree/tmp" -xdev -mindepth 1 -maxdepth 1 -exec rm -r {} +',
];

/**
 * Runs shell in a composed tree's surroundings: `$tree` is the tree, to be entered with chroot, `$2` and on are the arguments. It has no
 * network, and none of its processes or mounts is left when it ends, however it ends (unshare(1), --kill-child).
 * @param log name of the log file
 * @throws IngotError command-failed with the last lines
 */
export async function inTree(
  host: Host,
  tree: string,
  script: readonly string[],
  args: readonly string[],
  epoch: number,
  log: string,
  options: ComposeOptions,
): Promise<void> {
  const text = [...surroundings, ...script, ...tidying].join('\n');
  await host.run(
    'unshare',
    [
      ...['--mount', '--pid', '--net', '--ipc', '--fork', '--kill-child', '--propagation', 'private'],
      ...['/bin/sh', '-euc', text, 'in-tree', tree, ...args],
    ],
    {
      env: {
        SOURCE_DATE_EPOCH: String(epoch),
        DEBIAN_FRONTEND: 'noninteractive',
        // As mmdebstrap sets them.
        LC_ALL: 'C.UTF-8',
        LANG: 'C.UTF-8',
        LANGUAGE: 'C.UTF-8',
      },
      log,
      discardOutput: true,
      ...watching(options),
    },
  );
}
