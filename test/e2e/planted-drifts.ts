import { plants } from '../integration/images/drift/plants.ts';

/** A change to a running node, and the drift that must be reported. */
export interface PlantedDrift {
  readonly name: string;
  readonly plant: string;
  readonly path: string;
  readonly kind: string;
}

// The tests on the host that a running node survives, so that it can still be checked and updated afterwards.
const alsoOnTheHost = new Set([
  'an added set-uid program',
  'a set-uid program in the state',
  'a set-gid program',
  'a device file',
  'changed content of the same size with the old time',
  'a shadow file that all may read',
  'a deleted folder',
  'a link that points elsewhere',
  'an added file',
  'an added empty folder',
  'an added hidden file',
  'a package',
  'another configuration of the agent',
  'an added flag of the agent',
  'another address of a master',
  'a line in the table of hosts',
  'another host name',
  'an additional key of ops',
  'a key for root',
  'a second root user',
  'a member of the group sudo',
  'a sudo rule',
  'a cron job',
  'a unit',
  'a drop-in',
  'a masked unit',
  'a unit that is no longer masked',
  'an sshd setting',
  'a file in profile.d',
  'a udev rule',
  'a setting for the next start',
  'a unit only for this boot',
  'a udev rule only for this boot',
]);

/** Starts a program that continues after ssh has ended. */
const started = (command: string): string => `setsid -f ${command} </dev/null >/dev/null 2>&1`;

const real = (name: string, path: string, kind: string, plant: string): PlantedDrift => ({
  name,
  path,
  kind,
  plant,
});

// In the tests on the host these are texts of a made-up /proc; here they are real.
const runningThings: readonly PlantedDrift[] = [
  real('a file in shared memory', '/dev/shm/.x', 'added', 'echo x >/dev/shm/.x'),
  real(
    'a capability',
    '/usr/bin/sha1sum',
    'capability',
    `python3 -c 'import os, struct; os.setxattr("/usr/bin/sha1sum", "security.capability", struct.pack("<5I", 0x02000001, 0x80, 0, 0, 0))'`,
  ),
  real('a module that no node declares', 'module:dummy', 'not declared', 'modprobe dummy'),
  real(
    'a changed setting of the image',
    'sysctl:kernel.kptr_restrict',
    'changed',
    'sysctl -qw kernel.kptr_restrict=0',
  ),
  real(
    'a changed default of the kernel',
    'sysctl:kernel.randomize_va_space',
    'changed',
    'sysctl -qw kernel.randomize_va_space=0',
  ),
  real('a bind mount over /etc', 'mount:/etc/default', 'added', 'mount --bind /usr/share /etc/default'),
  real(
    'state mounted so that set-uid programs work',
    'mount:/var/lib/ingot/state',
    'changed',
    'mount -o remount,suid /var/lib/ingot/state',
  ),
  real(
    'an undeclared port',
    'listen:tcp:0.0.0.0:4444',
    'added',
    started(
      `python3 -c 'import socket, time; s = socket.create_server(("0.0.0.0", 4444)); time.sleep(9999)'`,
    ),
  ),
  real(
    'a process from memory',
    'process:/memfd:x',
    'from memory',
    started(
      `python3 -c 'import os; f = os.memfd_create("x", 0); os.write(f, open("/usr/bin/sleep", "rb").read()); os.execv(f"/proc/self/fd/{f}", ["x", "9999"])'`,
    ),
  ),
  real(
    'a process whose program was deleted',
    'process:/opt/gone',
    'deleted',
    // The process has the program's name once it runs.
    `cp /usr/bin/sleep /opt/gone; ${started('/opt/gone 9999')}; until pgrep -x gone; do :; done; rm /opt/gone`,
  ),
  real(
    'a process whose program is not in the root',
    'process:/opt/miner',
    'not of the root',
    `cp /usr/bin/sleep /opt/miner; ${started('/opt/miner 9999')}`,
  ),
  real(
    'a process that loads foreign code',
    'process:/usr/bin/sleep:LD_PRELOAD',
    'loads',
    started('env LD_PRELOAD=/opt/x.so sleep 9999'),
  ),
  real(
    'a transient unit',
    'unit:run-x.service',
    'not of the image',
    'systemd-run --quiet --unit=run-x sleep 9999',
  ),
  real('a stopped timer', 'unit:ingot-drift.timer', 'stopped', 'systemctl --quiet stop ingot-drift.timer'),
  real('a clock that is ahead', 'clock', 'moved', 'date --set="+5 minutes" >/dev/null'),
];

/** Drifts of every class, with real effects. Each is planted by a shell script that root runs in `/`. */
export const plantedDrifts: readonly PlantedDrift[] = [
  ...plants.filter(({ name }) => alsoOnTheHost.has(name)),
  ...runningThings,
];

/** A shell script that plants all of them; its exit status is 0 if every one could be planted. */
export const plantAll = [
  'failed=0; cd /',
  ...plantedDrifts.map(
    ({ name, plant }) => `{ ${plant}; } || { echo "not planted: ${name}" >&2; failed=1; }`,
  ),
  'exit "$failed"',
].join('\n');
