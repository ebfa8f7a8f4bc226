import { execFile } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { Bench, kill, type Running } from './bench.ts';
import { eventually } from './eventually.ts';
import { freePort } from './free-port.ts';

// The program uses the master's fixed port: each master has its own loopback address.
const masters = ['127.0.77.11', '127.0.77.12'] as const;
const [first, second] = ['127.0.77.31', '127.0.77.32'] as const;
const program = join(import.meta.dirname, '../../../node-tools/programs/master/usr/bin/ingot-drain');
const common = join(import.meta.dirname, '../../../node-tools');

let bench: Bench;
let zk: number;
const running = new Map<string, Running>();

type Task = { id: string; state: string; slave_id: string };
type Answer = { exitCode: number; out: string; err: string };

/** Runs ingot-drain as on a master. */
async function drain(...args: string[]): Promise<Answer> {
  const run = promisify(execFile);
  const environment = { ...process.env, PYTHONPATH: common };
  // Without -E, so that the module is found next to the sources.
  const words = ['-B', program, '--zk', join(bench.folder, 'zk'), ...args];
  return run('/usr/bin/python3', words, { env: environment }).then(
    ({ stdout, stderr }) => ({ exitCode: 0, out: stdout, err: stderr }),
    (error: unknown) => {
      const { code, stdout, stderr } = error as { code: number; stdout: string; stderr: string };
      return { exitCode: code, out: stdout, err: stderr };
    },
  );
}

async function json(address: string, path: string, body?: unknown): Promise<unknown> {
  const answer = await fetch(`http://${address}:5050${path}`, {
    redirect: 'manual',
    ...(body === undefined ? {} : { method: 'POST', body: JSON.stringify(body) }),
  });
  return { status: answer.status, ...((await answer.json().catch(() => ({}))) as object) };
}

const metric = async (address: string, name: string): Promise<number> =>
  ((await json(address, '/metrics/snapshot').catch(() => ({}))) as Record<string, number>)[name] ?? -1;

async function leader(): Promise<string> {
  return eventually('a master leads', async () => {
    for (const address of masters) if ((await metric(address, 'master/elected')) === 1) return address;
    return undefined;
  });
}

function startMaster(address: string): void {
  running.set(
    address,
    bench.start(`master-${address}`, 'usr/sbin/mesos-master', [
      `--zk=zk://127.0.0.1:${zk}/mesos`,
      ...['--quorum=1', `--ip=${address}`, '--port=5050', `--work_dir=${bench.folder}/${address}`],
      ...['--zk_session_timeout=2secs', '--no-hostname_lookup'],
      ...['--agent_ping_timeout=2secs', '--max_agent_ping_timeouts=3'],
    ]),
  );
}

function startAgent(address: string): void {
  running.set(
    address,
    bench.start(`agent-${address}`, 'usr/sbin/mesos-slave', [
      `--master=zk://127.0.0.1:${zk}/mesos`,
      ...[`--ip=${address}`, '--port=5051', `--work_dir=${bench.folder}/${address}`],
      ...['--zk_session_timeout=2secs', '--no-hostname_lookup'],
    ]),
  );
}

const launch = (at: string, id: string) =>
  json(at, '/stand-in/tasks', {
    ...{ id, name: 'x', cmd: 'sleep 1000', env: {} },
    framework: { id: 'f', name: 'marathon' },
  }) as Promise<Task & { status: number }>;

const tasks = async (at: string): Promise<Task[]> =>
  ((await json(at, '/stand-in/tasks?framework=f')) as { tasks: Task[] }).tasks;

const agentsActive = (count: number) =>
  eventually(`${count} agents are active`, async () =>
    (await metric(await leader(), 'master/slaves_active')) === count ? true : undefined,
  );

beforeAll(async () => {
  bench = new Bench();
  zk = await freePort();
  bench.startZooKeeper(zk);
  startMaster(masters[0]);
  await leader();
  startMaster(masters[1]);
  for (const address of [first, second]) startAgent(address);
  await agentsActive(2);
  // The one that does not lead comes first: it is not the one that answers.
  writeFileSync(join(bench.folder, 'zk'), `zk://${masters[1]}:2181,${masters[0]}:2181/mesos\n`);
});
afterAll(() => bench.close());

test('a drained agent loses its tasks, gets no new ones, and stays drained under another master and after its restart, until it is reactivated', async () => {
  const leads = await leader();
  const launched = [await launch(leads, 'x.1'), await launch(leads, 'x.2')];
  expect(new Set(launched.map((task) => task.slave_id)).size).toBe(2);
  expect((await drain()).out).toBe(`${first}  ACTIVE\n${second}  ACTIVE\n`);

  const done = await drain('--wait', '60', first);
  expect(done.err).toBe('');
  expect(done).toMatchObject({ exitCode: 0, out: `${first}: drained, no task runs there\n` });
  const after = await tasks(leads);
  expect(after.map(({ state }) => state).sort()).toEqual(['TASK_KILLED', 'TASK_RUNNING']);
  const kept = after.find(({ state }) => state === 'TASK_RUNNING')?.slave_id;
  for (const id of ['x.3', 'x.4']) expect((await launch(leads, id)).slave_id).toBe(kept);
  await agentsActive(1);

  await kill(running.get(first) as Running, 'SIGKILL');
  startAgent(first);
  await kill(running.get(leads) as Running, 'SIGKILL');
  expect(await leader()).not.toBe(leads);
  await eventually('both agents are back, one of them drained', async () =>
    (await drain()).out === `${first}  DRAINED\n${second}  ACTIVE\n` ? true : undefined,
  );

  expect(await drain('--end', first)).toMatchObject({ exitCode: 0, out: `${first}: may run tasks again\n` });
  await agentsActive(2);
  expect((await launch(await leader(), 'x.5')).slave_id).not.toBe(kept);
});

test('a drained agent that was unreachable is still drained when it returns', async () => {
  await drain('--wait', '60', first);
  await kill(running.get(first) as Running, 'SIGKILL');
  await eventually('its master no longer knows it', async () =>
    (await drain()).out === `${second}  ACTIVE\n` ? true : undefined,
  );
  expect((await drain('--end', first)).err).toContain(`no agent is registered at ${first}`);
  startAgent(first);
  await eventually('it is back', async () =>
    (await drain()).out === `${first}  DRAINED\n${second}  ACTIVE\n` ? true : undefined,
  );
  await agentsActive(1);
  expect((await drain('--end', first)).exitCode).toBe(0);
  await agentsActive(2);
});

test('what cannot be drained is reported: an address without an agent, no master that leads', async () => {
  const unknown = await drain('127.0.77.99');
  expect(unknown.exitCode).toBe(1);
  expect(unknown.err).toContain(
    `no agent is registered at 127.0.77.99; registered agents: ${first}, ${second}`,
  );
  writeFileSync(join(bench.folder, 'zk'), 'zk://127.0.77.98:2181/mesos\n');
  const nobody = await drain(first);
  expect(nobody.exitCode).toBe(1);
  expect(nobody.err).toContain('no master leads: http://127.0.77.98:5050/api/v1');
});

test('a master refuses the same calls as the real one: an unknown call, an agent that is not drained, a call without an agent', async () => {
  const leads = await leader();
  const call = async (body: unknown) => ((await json(leads, '/api/v1', body)) as { status: number }).status;
  expect(await call({ type: 'REACTIVATE_AGENT', reactivate_agent: { agent_id: { value: 'nobody' } } })).toBe(
    400,
  );
  expect(await call({ type: 'DRAIN_AGENT' })).toBe(400);
  expect(await call({})).toBe(400);
  expect(await call({ type: 'PRUNE_IMAGES' })).toBe(501);
});
