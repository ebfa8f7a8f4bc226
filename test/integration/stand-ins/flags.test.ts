import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { Bench } from './bench.ts';

let bench: Bench;
beforeAll(() => {
  bench = new Bench();
});
afterAll(() => bench.close());

function run(program: string, args: string[], env: Record<string, string> = {}) {
  const { status, stderr } = spawnSync(join(bench.tree, program), args, {
    encoding: 'utf8',
    env,
    timeout: 20_000,
  });
  return { status, firstLine: stderr.split('\n')[0] };
}
const ZK = '--zk=zk://127.0.0.1:1/mesos';

const refused: [string, string, string[], Record<string, string>, string][] = [
  ['an unknown flag', 'usr/sbin/mesos-master', ['--foo=1'], {}, "Failed to load unknown flag 'foo'"],
  [
    'an unknown flag of the agent',
    'usr/sbin/mesos-slave',
    ['--quorum=1'],
    {},
    "Failed to load unknown flag 'quorum'",
  ],
  [
    'an unknown flag that is switched off',
    'usr/sbin/mesos-slave',
    ['--no-foo'],
    {},
    "Failed to load unknown flag 'foo' via 'no-foo'",
  ],
  [
    'a flag given twice',
    'usr/sbin/mesos-master',
    ['--port=5050', '--port=5050'],
    {},
    "Flag 'port' is already loaded via name 'port'",
  ],
  [
    'a flag and its other name in the environment',
    'usr/sbin/mesos-master',
    ['--slave_ping_timeout=10secs'],
    { MESOS_AGENT_PING_TIMEOUT: '10secs' },
    "Flag 'slave_ping_timeout' is already loaded via name 'agent_ping_timeout'",
  ],
  [
    'a duration without a unit',
    'usr/sbin/mesos-master',
    ['--zk_session_timeout=10'],
    {},
    "Failed to load flag 'zk_session_timeout': Failed to load value '10': Invalid duration '10'",
  ],
  [
    'no work_dir',
    'usr/sbin/mesos-master',
    [ZK, '--quorum=1'],
    {},
    "Flag 'work_dir' is required, but it was not provided",
  ],
  [
    'no quorum',
    'usr/sbin/mesos-master',
    [ZK, '--work_dir=/nonexistent'],
    {},
    'Need to specify --quorum for replicated log based registry when using ZooKeeper',
  ],
  [
    'a bare / as the path in ZooKeeper',
    'usr/sbin/mesos-master',
    ['--zk=zk://127.0.0.1:1/', '--quorum=1', '--work_dir=/nonexistent'],
    {},
    "Expecting a (chroot) path for ZooKeeper ('/' is not supported)",
  ],
  [
    'no master',
    'usr/sbin/mesos-slave',
    ['--work_dir=/nonexistent'],
    {},
    'Missing required option `--master` or `--master_detector`',
  ],
  [
    'an unknown option of Marathon',
    'usr/bin/marathon',
    [],
    { MARATHON_MASTER: 'zk://127.0.0.1:1/mesos', MARATHON_ZOOKEEPER: 'x' },
    "[stand-in] Error: Unknown option 'zookeeper' (from MARATHON_ZOOKEEPER)",
  ],
  [
    'Marathon without a master',
    'usr/bin/marathon',
    [],
    {},
    "[stand-in] Error: Required option 'master' not found (MARATHON_MASTER)",
  ],
];

test.each(refused)('%s stops it', (_what, program, args, env, message) => {
  expect(run(program, args, env)).toEqual({ status: 1, firstLine: message });
});

test('the command line wins over the environment, and unknown variables are ignored', () => {
  const args = [ZK, '--quorum=1', '--port=none'];
  const env = { MESOS_QUORUM: 'many', MESOS_NATIVE_JAVA_LIBRARY: '/x', MESOS_WORK_DIR: '/x' };
  expect(run('usr/sbin/mesos-master', args, env).firstLine).toContain("Failed to load flag 'port'");
});
