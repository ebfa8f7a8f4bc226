import { mkdirSync, readdirSync, readFileSync, readlinkSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { ask, metrics } from './ask.ts';
import { Bench, ended, kill, type Running } from './bench.ts';
import { type Container, DockerDaemon } from './docker-daemon.ts';
import { eventually } from './eventually.ts';
import { freePort } from './free-port.ts';

interface Task {
  readonly id: string;
  readonly state: string;
  readonly slave_id: string;
}
interface State {
  readonly frameworks: readonly { readonly tasks: readonly Task[] }[];
}

const image = 'tiny:1';
let bench: Bench;
let docker: DockerDaemon;
let zk: number;
let masterPort: number;
let agentPort: number;
let agent: Running;
let agents = 0;

beforeAll(async () => {
  bench = new Bench();
  docker = new DockerDaemon();
  [zk, masterPort, agentPort] = [await freePort(), await freePort(), await freePort()];
  bench.startZooKeeper(zk);
  bench.start('master', 'usr/sbin/mesos-master', [
    ...[`--zk=zk://127.0.0.1:${zk}/mesos`, '--quorum=1', '--ip=127.0.0.1', `--port=${masterPort}`],
    ...[`--work_dir=${bench.folder}/master`, '--no-hostname_lookup'],
  ]);
  await docker.ready(image);
  await startAgent();
});
afterEach(() => {
  docker.empty();
});
afterAll(async () => {
  await bench.close();
  await docker.close();
});

/** Starts the agent and waits until it is registered. */
async function startAgent(...more: readonly string[]): Promise<void> {
  agents += 1;
  agent = bench.start(`agent-${agents}`, 'usr/sbin/mesos-slave', [
    ...[`--master=zk://127.0.0.1:${zk}/mesos`, '--ip=127.0.0.1', `--port=${agentPort}`],
    ...[`--work_dir=${bench.folder}/agent`, '--no-hostname_lookup', '--containerizers=docker,mesos'],
    ...[`--launcher_dir=${bench.tree}/usr/libexec/mesos`, `--docker_socket=${docker.socket}`],
    ...['--docker=/usr/bin/docker', '--cgroups_enable_cfs', ...more],
  ]);
  await eventually('the agent is registered', async () =>
    (await metrics(agentPort))['slave/registered'] === 1 ? true : undefined,
  ).catch((error: unknown) => {
    throw new Error(agent.log(), { cause: error });
  });
}

/** Starts mesos-execute with a container. */
function execute(name: string, command: string, ...more: readonly string[]): Running {
  return bench.start(`execute-${name}`, 'usr/bin/mesos-execute', [
    ...[`--master=127.0.0.1:${masterPort}`, `--name=${name}`, '--containerizer=docker'],
    ...[
      `--docker_image=${image}`,
      '--shell=true',
      '--resources=cpus:0.1;mem:48',
      `--command=${command}`,
      ...more,
    ],
  ]);
}

/** Starts a task that does not end, and waits until it runs. */
async function running(
  name: string,
  ...more: readonly string[]
): Promise<{ by: Running; container: Container }> {
  const by = execute(name, 'echo begun; exec sleep 1000', ...more);
  await says(by, 'TASK_RUNNING');
  const container = docker.container(image);
  if (container === undefined) throw new Error('there is no container');
  return { by, container };
}

const says = (by: Running, text: string) =>
  eventually(`mesos-execute says ${text}`, () => (by.log().includes(text) ? true : undefined));

/** A file in the sandbox of a task. */
function sandbox(name: string, file: string): string {
  const slaves = join(bench.folder, 'agent/slaves');
  for (const slave of readdirSync(slaves))
    for (const framework of readdirSync(join(slaves, slave, 'frameworks'))) {
      const runs = join(slaves, slave, 'frameworks', framework, 'executors', name, 'runs');
      try {
        return readFileSync(join(runs, 'latest', file), 'utf8');
      } catch {
        continue;
      }
    }
  throw new Error(`there is no ${file} of ${name}`);
}

/** The master's data about a task that has not ended. */
async function known(name: string): Promise<Task | undefined> {
  const { body } = await ask<State>(masterPort, '/state');
  return body.frameworks.flatMap(({ tasks }) => tasks).find(({ id }) => id === name);
}

/** Ends a task by removing its framework. */
async function abandon(by: Running): Promise<void> {
  await kill(by, 'SIGTERM');
  await eventually('the task has ended with its framework', () => {
    const { State } = docker.container(image) ?? { State: { Status: 'gone' } };
    return State.Status === 'running' ? undefined : true;
  });
}

test('the output of a container is in the sandbox, and its exit status in the last update', async () => {
  const by = execute('seven', 'echo it came; echo it failed >&2; exit 7');
  expect(await ended(by)).toBe(0);
  expect(by.log()).toMatch(/Submitted task 'seven' to agent '.*-S0'/);
  expect(by.log()).toMatch(
    /update TASK_STARTING .*update TASK_RUNNING .*update TASK_FAILED for task 'seven'\n {2}message: 'Container exited with status 7'/s,
  );
  expect(sandbox('seven', 'stdout')).toBe('it came\n');
  expect(sandbox('seven', 'stderr')).toContain('it failed\n');
  const zero = execute('zero', 'exit 0');
  await ended(zero);
  expect(zero.log()).toContain('Received status update TASK_FINISHED');
});

test('limits are in the cgroup of the container, which uses the network of the host', async () => {
  const { by, container } = await running('limited');
  expect(container.HostConfig).toMatchObject({
    Memory: 48 * 1024 * 1024,
    CpuShares: 102,
    CpuQuota: 10_000,
    NetworkMode: 'host',
  });
  expect(container.Name).toMatch(/^\/mesos-[0-9a-f-]{36}$/);
  expect(cgroupFile(container.State.Pid, 'memory', ['memory.limit_in_bytes', 'memory.max'])).toBe('50331648');
  await abandon(by);
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

test('a task continues while its agent restarts, and its end is reported afterwards', async () => {
  const { by, container } = await running('survivor', '--checkpoint');
  const before = await known('survivor');
  await kill(agent, 'SIGTERM');
  await startAgent();
  const after = docker.inspect(container.Id);
  expect(after.State).toEqual(container.State);
  expect(await known('survivor')).toMatchObject({ state: 'TASK_RUNNING', slave_id: before?.slave_id });
  docker.docker('kill', container.Id);
  await ended(by);
  expect(by.log()).toMatch(
    /TASK_FAILED for task 'survivor'\n {2}message: 'Container exited with status 137'/,
  );
});

test('a task of a framework that does not checkpoint is lost when its agent restarts', async () => {
  const { by } = await running('forgotten');
  await kill(agent, 'SIGTERM');
  await startAgent();
  await ended(by);
  expect(by.log()).toMatch(/TASK_LOST for task 'forgotten'\n {2}message: 'Agent 127.0.0.1 disconnected'/);
  await eventually('the container is removed', () => docker.container(image) === undefined || undefined);
});

test('a task whose executor ended with the agent, as with KillMode=control-group, has failed', async () => {
  const { by, container } = await running('cut', '--checkpoint');
  const executor = await executorOf(container);
  await kill(agent, 'SIGTERM');
  process.kill(executor, 'SIGKILL');
  await startAgent();
  await ended(by);
  expect(by.log()).toMatch(/TASK_FAILED for task 'cut'\n {2}message: 'Executor terminated'/);
  expect(docker.inspect(container.Id).State.Status).toBe('exited');
});

/** The process of the executor, as recorded by the agent. */
function executorOf({ Name }: Container): Promise<number> {
  const id = Name.replace('/mesos-', '');
  return eventually('the executor is recorded', () => {
    const slaves = join(bench.folder, 'agent/meta/slaves');
    const file = readdirSync(slaves, { recursive: true, encoding: 'utf8' }).find(
      (path) => path.includes(id) && path.endsWith('forked.pid'),
    );
    return file === undefined ? undefined : Number(readFileSync(join(slaves, file), 'utf8'));
  });
}

test('an agent that starts as a new agent removes the containers of the previous one, and the task is gone', async () => {
  const { by } = await running('orphan', '--checkpoint');
  const latest = join(bench.folder, 'agent/meta/slaves/latest');
  const before = readlinkSync(latest);
  await kill(agent, 'SIGTERM');
  rmSync(join(bench.folder, 'agent/meta'), { recursive: true });
  await startAgent('--no-docker_kill_orphans');
  expect(docker.container(image)?.State.Status).toBe('running');
  await ended(by);
  expect(by.log()).toMatch(/TASK_GONE for task 'orphan'\n {2}message: 'Agent 127.0.0.1 removed'/);
  await kill(agent, 'SIGTERM');
  await startAgent();
  expect(readlinkSync(latest)).not.toBe(before);
  expect(docker.container(image)).toBeUndefined();
});

test('a container that Mesos did not start stays', async () => {
  docker.docker('run', '-d', '--net=none', '--name=mesos-dns', image, 'sleep', '1000');
  await kill(agent, 'SIGTERM');
  await startAgent();
  expect(docker.container(image)?.State.Status).toBe('running');
});

test("an image that is not on the host and cannot be loaded fails the task with docker's message", async () => {
  const by = execute('missing', 'true', '--docker_image=127.0.0.1:1/none:1');
  expect(await ended(by)).toBe(1);
  expect(by.log()).toContain("Flag 'docker_image' is already loaded via name 'docker_image'");
  const only = bench.start('execute-pull', 'usr/bin/mesos-execute', [
    ...[`--master=127.0.0.1:${masterPort}`, '--name=pull', '--containerizer=docker'],
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
    `--master=127.0.0.1:${masterPort}`,
    ...given,
  ]);
  expect(await ended(by)).toBe(1);
  expect(by.log()).toContain(words);
});

test('an agent without Docker does not start', async () => {
  const without = bench.start('agent-without', 'usr/sbin/mesos-slave', [
    ...[`--master=zk://127.0.0.1:${zk}/mesos`, '--ip=127.0.0.1', `--port=${await freePort()}`],
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
      ...[`--master=zk://127.0.0.1:${zk}/mesos`, '--ip=127.0.0.1', `--port=${port}`, '--no-hostname_lookup'],
      ...[
        `--work_dir=${bench.folder}/clusterd-agent`,
        '--containerizers=docker',
        `--docker_socket=${docker.socket}`,
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
        `--master=127.0.0.1:${masterPort}`,
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
    MARATHON_MASTER: `zk://127.0.0.1:${zk}/mesos`,
    MARATHON_ZK: `zk://127.0.0.1:${zk}/marathon`,
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
    const found = docker.container(image);
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
    docker.container(image)?.State.Status === 'running' ? undefined : true,
  );
});
