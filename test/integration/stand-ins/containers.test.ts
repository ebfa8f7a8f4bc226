import { mkdirSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { ask, metrics } from './ask.ts';
import { ended, kill } from './bench.ts';
import { ContainerBench, image } from './container-bench.ts';
import { eventually } from './eventually.ts';
import { freePort } from './free-port.ts';

let bench: ContainerBench;
beforeAll(async () => {
  bench = new ContainerBench();
  await bench.open();
});
afterEach(() => {
  bench.docker.empty();
});
afterAll(() => bench.close());

test('the output of a container is in the sandbox, and its exit status in the last update', async () => {
  const by = bench.execute('seven', 'echo it came; echo it failed >&2; exit 7');
  expect(await ended(by)).toBe(0);
  expect(by.log()).toMatch(/Submitted task 'seven' to agent '.*-S0'/);
  expect(by.log()).toMatch(
    /update TASK_STARTING .*update TASK_RUNNING .*update TASK_FAILED for task 'seven'\n {2}message: 'Container exited with status 7'/s,
  );
  expect(bench.sandbox('seven', 'stdout')).toBe('it came\n');
  expect(bench.sandbox('seven', 'stderr')).toContain('it failed\n');
  const zero = bench.execute('zero', 'exit 0');
  await ended(zero);
  expect(zero.log()).toContain('Received status update TASK_FINISHED');
});

test('limits are in the cgroup of the container, which uses the network of the host', async () => {
  const { by, container } = await bench.running('limited');
  expect(container.HostConfig).toMatchObject({
    Memory: 48 * 1024 * 1024,
    CpuShares: 102,
    CpuQuota: 10_000,
    NetworkMode: 'host',
  });
  expect(container.Name).toMatch(/^\/mesos-[0-9a-f-]{36}$/);
  expect(cgroupFile(container.State.Pid, 'memory', ['memory.limit_in_bytes', 'memory.max'])).toBe('50331648');
  await bench.abandon(by);
});

/** The kernel's data for a process: the first existing file of its cgroup, v1 or v2. */
function cgroupFile(pid: number, controller: string, [v1, v2]: readonly [string, string]): string {
  const lines = readFileSync(`/proc/${pid}/cgroup`, 'utf8').split('\n');
  const own = lines.find((line) => line.split(':')[1]?.split(',').includes(controller));
  const path = (line = '') => line.split(':').slice(2).join(':');
  const file =
    own === undefined
      ? `/sys/fs/cgroup${path(lines.find((line) => line.startsWith('0::')))}/${v2}`
      : `/sys/fs/cgroup/${controller}${path(own)}/${v1}`;
  return readFileSync(file, 'utf8').trim();
}

test("an image that is not on the host and cannot be loaded fails the task with docker's message", async () => {
  const by = bench.execute('missing', 'true', '--docker_image=127.0.0.1:1/none:1');
  expect(await ended(by)).toBe(1);
  expect(by.log()).toContain("Flag 'docker_image' is already loaded via name 'docker_image'");
  const only = bench.start('execute-pull', 'usr/bin/mesos-execute', [
    ...[`--master=127.0.0.1:${bench.masterPort}`, '--name=pull', '--containerizer=docker'],
    ...['--docker_image=127.0.0.1:1/none:1', '--command=true'],
  ]);
  await ended(only);
  expect(only.log()).toMatch(
    /TASK_FAILED .*Failed to launch container: Failed to run '\/usr\/bin\/docker -H unix:.* pull /s,
  );
});

test.each([
  ['an unknown flag', ['--nmae=x'], "Failed to load unknown flag 'nmae'"],
  ['no name', ['--command=true'], 'Missing required option --name'],
  ['no command', ['--name=x'], 'Missing required option --command'],
  [
    'no image',
    ['--name=x', '--command=true', '--containerizer=docker'],
    "'Docker' containerizer requires docker image name",
  ],
  [
    'another containerizer',
    ['--name=x', '--command=true', '--containerizer=rkt'],
    'Unsupported containerizer: rkt',
  ],
])('mesos-execute refuses %s', async (what, given, words) => {
  const by = bench.start(`execute-${what}`, 'usr/bin/mesos-execute', [
    `--master=127.0.0.1:${bench.masterPort}`,
    ...given,
  ]);
  expect(await ended(by)).toBe(1);
  expect(by.log()).toContain(words);
});

test('an agent without Docker does not start', async () => {
  const without = bench.start('agent-without', 'usr/sbin/mesos-slave', [
    ...[`--master=zk://127.0.0.1:${bench.zk}/mesos`, '--ip=127.0.0.1', `--port=${await freePort()}`],
    ...[`--work_dir=${bench.folder}/without`, '--no-hostname_lookup', '--containerizers=docker,mesos'],
    ...['--docker=/usr/bin/no-docker'],
  ]);
  expect(await ended(without)).toBe(1);
  expect(without.log()).toContain(
    'Could not create DockerContainerizer: Failed to create docker: Failed to get docker version',
  );
});

test('a container of clusterd needs both CNI folders: without them its executor aborts', async () => {
  // clusterd supports only cgroup version 2.
  const unified = 'umount -R -l /sys/fs/cgroup; mount -t cgroup2 none /sys/fs/cgroup; exec "$@"';
  const start = async (...more: readonly string[]) => {
    const port = await freePort();
    const clusterd = bench.start(`clusterd-${port}`, '/usr/bin/unshare', [
      ...['--mount', 'sh', '-euc', unified, 'sh', join(bench.clusterd, 'usr/bin/mesos-agent')],
      ...[
        `--master=zk://127.0.0.1:${bench.zk}/mesos`,
        '--ip=127.0.0.1',
        `--port=${port}`,
        '--no-hostname_lookup',
      ],
      ...[
        `--work_dir=${bench.folder}/clusterd-agent`,
        '--containerizers=docker',
        `--docker_socket=${bench.docker.socket}`,
      ],
      ...['--docker=/usr/bin/docker', `--launcher_dir=${bench.clusterd}/usr/libexec/mesos`],
      ...['--resources=clusterd:1', ...more],
    ]);
    await eventually('clusterd’s agent is registered', async () =>
      (await metrics(port))['slave/registered'] === 1 ? true : undefined,
    );
    return clusterd;
  };
  const run = async (name: string) => {
    const by = bench.start(`execute-${name}`, join(bench.clusterd, 'usr/bin/mesos-execute'), [
      ...[
        `--master=127.0.0.1:${bench.masterPort}`,
        `--name=${name}`,
        '--containerizer=docker',
        `--docker_image=${image}`,
      ],
      ...['--resources=cpus:0.1;mem:48;clusterd:1', '--command=echo it ran'],
    ]);
    await ended(by);
    return by.log();
  };
  const without = await start();
  expect(await run('no-cni')).toContain('Received status update TASK_FAILED');
  const runs = join(bench.folder, 'clusterd-agent/slaves');
  const stderr = readdirSync(runs, { recursive: true, encoding: 'utf8' }).find((file) =>
    file.endsWith('/stderr'),
  );
  expect(readFileSync(join(runs, stderr ?? ''), 'utf8')).toContain("Assertion `isSome()' failed");
  await kill(without, 'SIGTERM');
  const cni = join(bench.folder, 'cni');
  mkdirSync(cni);
  // Another port means another agent.
  rmSync(join(bench.folder, 'clusterd-agent/meta'), { recursive: true });
  const withBoth = await start('--network_cni_plugins_dir=/usr/lib/cni', `--network_cni_config_dir=${cni}`);
  expect(await run('cni')).toContain('Received status update TASK_FINISHED');
  await kill(withBoth, 'SIGTERM');
});

test('Marathon runs an app in a container, and ends it with the app', async () => {
  const port = await freePort();
  bench.start('marathon', 'usr/bin/marathon', [], {
    MARATHON_MASTER: `zk://127.0.0.1:${bench.zk}/mesos`,
    MARATHON_ZK: `zk://127.0.0.1:${bench.zk}/marathon`,
    MARATHON_HOSTNAME: '127.0.0.1',
    MARATHON_HTTP_PORT: String(port),
  });
  const app = (container: object) => ({
    ...{ id: '/web', cmd: 'exec sleep 1000', cpus: 0.2, mem: 32, env: { COLOUR: 'blue' }, container },
  });
  await eventually('Marathon takes the app', async () => {
    const { status } = await ask(port, '/v2/apps', 'POST', app({ type: 'DOCKER', docker: { image } }));
    return status === 201 ? true : undefined;
  });
  const made = await eventually('its container runs', () => {
    const found = bench.docker.container(image);
    return found?.State.Status === 'running' ? found : undefined;
  });
  expect(made.HostConfig).toMatchObject({ CpuShares: 204, Memory: 32 * 1024 * 1024 });
  expect(made.Config.Env).toEqual(expect.arrayContaining(['COLOUR=blue', 'MARATHON_APP_ID=/web']));
  const refused = await ask<{ message: string }>(port, '/v2/apps', 'POST', {
    ...app({ type: 'MESOS' }),
    id: '/x',
  });
  expect(refused).toMatchObject({ status: 422 });
  await ask(port, '/v2/apps/web', 'DELETE');
  await eventually('the container has ended', () =>
    bench.docker.container(image)?.State.Status === 'running' ? undefined : true,
  );
});
