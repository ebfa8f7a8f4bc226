import { existsSync, readFileSync } from 'node:fs';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { ask, metrics } from './ask.ts';
import { Bench, kill, type Running } from './bench.ts';
import { eventually } from './eventually.ts';
import { freePort } from './free-port.ts';

type Tasks = { tasks: { id: string; pid: number; state: string }[] };
type Member = { port: number; running: Running };

let bench: Bench;
let zk: number;
let members: Member[];
beforeAll(async () => {
  bench = new Bench();
  zk = await freePort();
  members = [await startMarathon(), await startMarathon()];
});
afterAll(() => bench.close());

async function startMarathon(): Promise<Member> {
  const port = await freePort();
  const running = bench.start(`marathon-${port}`, 'usr/bin/marathon', [], {
    MARATHON_MASTER: `zk://127.0.0.1:${zk}/mesos`,
    MARATHON_ZK: `zk://127.0.0.1:${zk}/marathon`,
    MARATHON_HOSTNAME: '127.0.0.1',
    MARATHON_HTTP_PORT: String(port),
    MARATHON_ZK_SESSION_TIMEOUT: '2000',
  });
  return { port, running };
}

async function startMesos(): Promise<void> {
  const [master, agent] = [await freePort(), await freePort()];
  const common = ['--ip=127.0.0.1', '--no-hostname_lookup', '--zk_session_timeout=2secs'];
  const url = `zk://127.0.0.1:${zk}/mesos`;
  const work = `--work_dir=${bench.folder}`;
  const masterFlags = [`--zk=${url}`, '--quorum=1', `--port=${master}`, `${work}/m`];
  bench.start('master', 'usr/sbin/mesos-master', [...common, ...masterFlags]);
  const agentFlags = [`--master=${url}`, `--port=${agent}`, `${work}/a`];
  bench.start('agent', 'usr/sbin/mesos-slave', [...common, ...agentFlags]);
  await eventually('the agent is registered', async () =>
    (await metrics(agent))['slave/registered'] === 1 ? true : undefined,
  );
}

async function leader(among: Member[]): Promise<Member> {
  return eventually('all agree on a leader among these', async () => {
    const answers = await Promise.all(among.map((one) => ask<{ leader: string }>(one.port, '/v2/leader')));
    const named = new Set(answers.map((answer) => answer.body.leader));
    return named.size === 1 ? among.find((one) => named.has(`127.0.0.1:${one.port}`)) : undefined;
  });
}

const runningTasks = (port: number, count: number) =>
  eventually(`${count} running tasks`, async () => {
    const { body } = await ask<Tasks>(port, '/v2/apps/web/tasks');
    return body.tasks.length === count ? body.tasks : undefined;
  });

test('without a leader /v2/leader is 404, but /ping still answers', async () => {
  for (const { port } of members) {
    const answer = await eventually('an answer', () => ask<object>(port, '/v2/leader'));
    expect(answer).toEqual({ status: 404, body: { message: 'There is no leader' } });
    expect((await fetch(`http://127.0.0.1:${port}/ping`)).status).toBe(200);
  }
});

test('an app runs as processes, survives a change of the leader, and ends when it is deleted', async () => {
  bench.startZooKeeper(zk);
  await startMesos();
  const first = await leader(members);
  const standby = members.find((one) => one !== first) ?? first;
  const info = await ask<object>(standby.port, '/v2/info');
  expect(info.body).toMatchObject({ stand_in: true, version: '1.11.24-standin', elected: false });

  const app = { id: 'web', cmd: 'exec sleep 600', instances: 2 };
  expect((await ask(standby.port, '/v2/apps', 'POST', app)).status).toBe(201);
  const tasks = await runningTasks(standby.port, 2);
  for (const { pid } of tasks) expect(readFileSync(`/proc/${pid}/cmdline`, 'utf8')).toContain('600');

  await kill(first.running, 'SIGKILL');
  expect(await leader([standby])).toBe(standby);
  const after = await runningTasks(standby.port, 2);
  expect(after.map((task) => task.id).sort()).toEqual(tasks.map((task) => task.id).sort());

  expect((await ask(standby.port, '/v2/apps/web', 'DELETE')).status).toBe(200);
  await eventually('no process is left', () =>
    tasks.some(({ pid }) => existsSync(`/proc/${pid}`)) ? undefined : true,
  );
  expect((await ask(standby.port, '/v2/apps/web')).body).toEqual({
    message: "App 'web' does not exist",
  });
});
