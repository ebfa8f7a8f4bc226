import { readdirSync, readFileSync, readlinkSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { ended } from './bench.ts';
import { ContainerBench, image } from './container-bench.ts';
import type { Container } from './docker-daemon.ts';
import { eventually } from './eventually.ts';

let bench: ContainerBench;
beforeAll(async () => {
  bench = new ContainerBench();
  await bench.open();
});
afterEach(() => {
  bench.docker.empty();
});
afterAll(() => bench.close());

test('a task continues while its agent restarts, and its end is reported afterwards', async () => {
  const { by, container } = await bench.running('survivor', '--checkpoint');
  const before = await bench.known('survivor');
  await bench.stopAgent();
  await bench.startAgent();
  const after = bench.docker.inspect(container.Id);
  expect(after.State).toEqual(container.State);
  expect(await bench.known('survivor')).toMatchObject({ state: 'TASK_RUNNING', slave_id: before?.slave_id });
  bench.docker.docker('kill', container.Id);
  await ended(by);
  expect(by.log()).toMatch(
    /TASK_FAILED for task 'survivor'\n {2}message: 'Container exited with status 137'/,
  );
});

test('a task of a framework that does not checkpoint is lost when its agent restarts', async () => {
  const { by } = await bench.running('forgotten');
  await bench.stopAgent();
  await bench.startAgent();
  await ended(by);
  expect(by.log()).toMatch(/TASK_LOST for task 'forgotten'\n {2}message: 'Agent 127.0.0.1 disconnected'/);
  await eventually(
    'the container is removed',
    () => bench.docker.container(image) === undefined || undefined,
  );
});

test('a task whose executor ended with the agent, as with KillMode=control-group, has failed', async () => {
  const { by, container } = await bench.running('cut', '--checkpoint');
  const executor = await executorOf(container);
  await bench.stopAgent();
  process.kill(executor, 'SIGKILL');
  await bench.startAgent();
  await ended(by);
  expect(by.log()).toMatch(/TASK_FAILED for task 'cut'\n {2}message: 'Executor terminated'/);
  expect(bench.docker.inspect(container.Id).State.Status).toBe('exited');
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
  const { by } = await bench.running('orphan', '--checkpoint');
  const latest = join(bench.folder, 'agent/meta/slaves/latest');
  const before = readlinkSync(latest);
  await bench.stopAgent();
  rmSync(join(bench.folder, 'agent/meta'), { recursive: true });
  await bench.startAgent('--no-docker_kill_orphans');
  expect(bench.docker.container(image)?.State.Status).toBe('running');
  await ended(by);
  expect(by.log()).toMatch(/TASK_GONE for task 'orphan'\n {2}message: 'Agent 127.0.0.1 removed'/);
  await bench.stopAgent();
  await bench.startAgent();
  expect(readlinkSync(latest)).not.toBe(before);
  expect(bench.docker.container(image)).toBeUndefined();
});

test('a container that Mesos did not start stays', async () => {
  bench.docker.docker('run', '-d', '--net=none', '--name=mesos-dns', image, 'sleep', '1000');
  await bench.stopAgent();
  await bench.startAgent();
  expect(bench.docker.container(image)?.State.Status).toBe('running');
});
