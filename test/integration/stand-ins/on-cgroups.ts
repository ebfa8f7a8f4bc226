import { spawn } from 'node:child_process';

/**
 * How cgroups are mounted: only version 2, both (systemd's "hybrid"), or version 1 with only systemd's own hierarchy.
 */
export type Cgroups = 'unified' | 'hybrid' | 'systemd only';

const mounts: Record<Cgroups, readonly string[]> = {
  unified: ['mount -t cgroup2 none /sys/fs/cgroup'],
  hybrid: [
    'mount -t tmpfs none /sys/fs/cgroup',
    'mkdir /sys/fs/cgroup/unified /sys/fs/cgroup/systemd',
    'mount -t cgroup -o none,name=systemd none /sys/fs/cgroup/systemd',
    'mount -t cgroup2 none /sys/fs/cgroup/unified',
  ],
  'systemd only': [
    'mount -t tmpfs none /sys/fs/cgroup',
    'mkdir /sys/fs/cgroup/systemd',
    'mount -t cgroup -o none,name=systemd none /sys/fs/cgroup/systemd',
  ],
};

/**
 * Runs a program with cgroups mounted in this way and systemd as init, until it ends or reports that it has started;
 * returns its exit status (null if it had started) and its output. Nothing of it is visible outside.
 * @param more commands of sh before it, in the same mount namespace
 */
export async function onCgroups(
  cgroups: Cgroups,
  program: string,
  args: readonly string[],
  more: readonly string[] = [],
): Promise<{ status: number | null; log: string }> {
  const script = [
    'umount -R -l /sys/fs/cgroup',
    ...mounts[cgroups],
    'mount -t tmpfs none /run && mkdir -p /run/systemd/system',
    'mount -t tmpfs none /usr/sbin && ln -s /usr/lib/systemd/systemd /usr/sbin/init',
    // The agent creates a slice for its executors; nothing is there to start it.
    'printf "#!/bin/sh\\n" >/usr/sbin/systemctl && chmod +x /usr/sbin/systemctl && mount --bind /usr/sbin/systemctl /usr/bin/systemctl',
    ...more,
    'exec "$@"',
  ].join('\n');
  const child = spawn('unshare', ['--mount', 'sh', '-euc', script, 'sh', program, ...args], {
    env: { PATH: '/usr/sbin:/usr/bin:/bin' },
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  let log = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    log += text;
    if (/ started on /.test(log)) child.kill('SIGKILL');
  });
  const status = await new Promise<number | null>((resolve) => child.on('close', resolve));
  return { status, log };
}
