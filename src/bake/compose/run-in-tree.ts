import { realpath } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { Host } from '../../host/host.ts';
import { type ComposeOptions, programOptions } from './compose-options.ts';
import { capshDrop, sandboxed } from './sandbox.ts';

/** Where a script in a tree finds the pool, if it may read it. */
export const poolInTree = '/dev/ingot-pool';

/** Where it finds the decompressed .debs. */
export const plainInTree = '/dev/ingot-plain';

/**
 * Sets up what mmdebstrap provides in a tree while packages are configured (its setup_mounts): working device nodes,
 * read-only /proc and /sys. It runs outside the tree, so each mount point is checked before something is mounted there.
 * All mounts end with the namespace. The inner shell reads the file $3 as its standard input.
 */
const setupScript = [
  'tree=$2 input=$3 inner=$4 pool=$5 plain=$6',
  'shift 6',
  'refuse() { echo "ingot: the tree is refused: $*" >&2; exit 1; }',
  'for name in dev proc sys run tmp; do',
  '  if [ -L "$tree/$name" ] || [ ! -d "$tree/$name" ]; then refuse "/$name is not a folder"; fi',
  'done',
  'mount -t tmpfs -o mode=0755,nosuid tmpfs "$tree/dev"',
  'for node in console full null random tty urandom zero; do',
  '  [ -c "/dev/$node" ] || continue',
  '  : >"$tree/dev/$node"',
  '  mount --bind "/dev/$node" "$tree/dev/$node"',
  'done',
  'mkdir "$tree/dev/pts" "$tree/dev/shm"',
  'ln -s pts/ptmx "$tree/dev/ptmx"',
  'for link in fd:fd stdin:fd/0 stdout:fd/1 stderr:fd/2; do ln -s "/proc/self/${link#*:}" "$tree/dev/${link%%:*}"; done',
  'mount -t devpts -o newinstance,gid=5,mode=620,ptmxmode=666 devpts "$tree/dev/pts"',
  'mount -t tmpfs -o mode=1777 tmpfs "$tree/dev/shm"',
  `if [ -n "$pool" ]; then mkdir "$tree${poolInTree}"; mount --bind "$pool" "$tree${poolInTree}"; fi`,
  `if [ -n "$plain" ]; then mkdir "$tree${plainInTree}"; mount --bind "$plain" "$tree${plainInTree}"; fi`,
  // In a container the kernel may refuse a new mount; that of the namespace is already read-only, and so are its bind
  // mounts.
  'mount -t proc -o ro,nosuid,nodev,noexec proc "$tree/proc" 2>/dev/null || mount --rbind /proc "$tree/proc"',
  'mount -t sysfs -o ro,nosuid,nodev,noexec sys "$tree/sys" 2>/dev/null || mount --rbind /sys "$tree/sys"',
  'daemon=/usr/sbin/start-stop-daemon',
  'if [ -e "$tree$daemon" ]; then',
  '  [ "$(realpath "$tree$daemon")" = "$tree$daemon" ] || refuse "$daemon leads elsewhere"',
  '  mount --bind /bin/true "$tree$daemon"',
  'fi',
  // From here on it runs as a program of the tree: it enters the tree first, then drops the capabilities with which it
  // could leave it.
  `exec capsh --chroot="$tree" ${capshDrop} --shell=/bin/sh -- -euc "$inner" in-tree "$@" <"$input"`,
];

/**
 * What the inner shell does first and last: no service is started, and files of this run are removed (mmdebstrap's
 * run_cleanup).
 */
const before = [
  'cd /',
  'umask 022',
  'rm -f /usr/sbin/policy-rc.d',
  'printf "#!/bin/sh\\nexit 101\\n" >/usr/sbin/policy-rc.d',
  'chmod 0755 /usr/sbin/policy-rc.d',
];
const cleanupScript = [
  'rm -f /usr/sbin/policy-rc.d /var/cache/ldconfig/aux-cache /var/lib/dbus/machine-id',
  'rm -f /var/log/alternatives.log /var/log/dpkg.log',
  'if [ -e /etc/machine-id ]; then rm /etc/machine-id; : >/etc/machine-id; fi',
  // Keeps /run/lock, the target of the link /var/lock.
  'find /run -xdev -mindepth 1 -maxdepth 1 ! -name lock -exec rm -r {} +',
  'find /tmp -xdev -mindepth 1 -maxdepth 1 -exec rm -r {} +',
];

/** A script to run in a tree. */
export interface TreeScript {
  /** Lines of POSIX shell for the tree's own /bin/sh, run in its root; `$1` and following are the arguments. */
  readonly script: readonly string[];
  readonly args?: readonly string[];
  /** Absolute path of a file for the script's standard input; empty input by default. */
  readonly input?: string;
  /** Absolute path of the pool, for a script that installs packages. */
  readonly pool?: string;
  /** Absolute path of the folder of decompressed .debs. */
  readonly plain?: string;
  /** Seconds since 1970, passed as SOURCE_DATE_EPOCH. */
  readonly epoch: number;
  /** Absolute path of the log file. */
  readonly log: string;
}

/**
 * Runs a shell script in a composed tree with the programs of the tree, as root without the capabilities that affect
 * the build host (capabilities of sandbox.ts). It has no network, /proc and /sys are read-only, and no link leads
 * out of the tree. However it ends, none of its processes or mounts remains.
 * @param tree absolute
 * @throws IngotError command-failed with the last lines
 */
export async function runInTree(
  host: Host,
  tree: string,
  { script, args = [], input = '/dev/null', pool = '', plain = '', epoch, log }: TreeScript,
  options: ComposeOptions,
): Promise<void> {
  const real = join(await realpath(dirname(tree)), tree.slice(dirname(tree).length));
  const inner = [...before, ...script, ...cleanupScript].join('\n');
  await sandboxed(
    host,
    dirname(real),
    { script: setupScript, args: [real, input, inner, pool, plain, ...args] },
    {
      env: {
        SOURCE_DATE_EPOCH: String(epoch),
        // No script of a package makes an initrd (/etc/kernel/postinst.d/initramfs-tools): it is made once, at the end.
        INITRD: 'No',
        DEBIAN_FRONTEND: 'noninteractive',
        // The same values as in mmdebstrap.
        LC_ALL: 'C.UTF-8',
        LANG: 'C.UTF-8',
        LANGUAGE: 'C.UTF-8',
      },
      log,
      discardOutput: true,
      ...programOptions(options),
    },
  );
}
