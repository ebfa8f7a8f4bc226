import { spawn } from 'node:child_process';

/** How cgroups are mounted: version 2 only, both (as systemd's "hybrid"), or version 1 with nothing but systemd's own hierarchy. */
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
 * Runs a program where cgroups are mounted so and systemd is the init, until it ends or says that it has started; gives its exit status (null
 * if it had started) and what it wrote. Nothing of it is seen outside.
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
    // The agent makes a slice for its executors; nobody is there to start it.
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
