import { existsSync, readlinkSync, rmSync } from 'node:fs';
import { basename, join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { ask, metrics } from './ask.ts';
import { Bench, ended, kill, type Running } from './bench.ts';
import { eventually } from './eventually.ts';
import { freePort } from './free-port.ts';

type State = {
  stand_in: boolean;
  version: string;
  leader: string;
  slaves: { id: string; connected: boolean; attributes: object }[];
};
type Member = { port: number; running: Running };

let bench: Bench;
let zk: number;
const masters: Member[] = [];
beforeAll(async () => {
  bench = new Bench();
  zk = await freePort();
  bench.startZooKeeper(zk);
});
afterAll(() => bench.close());

async function startMaster(): Promise<Member> {
  const port = await freePort();
  const running = bench.start(`master-${port}`, 'usr/sbin/mesos-master', [
    `--zk=zk://127.0.0.1:${zk}/mesos`,
    '--quorum=2',
    '--ip=127.0.0.1',
    `--port=${port}`,
    `--work_dir=${bench.folder}/master-${port}`,
    '--zk_session_timeout=2secs',
    '--no-hostname_lookup',
  ]);
  const member = { port, running };
  masters.push(member);
  return member;
}

function startAgent(port: number, ...more: string[]): Running {
  return bench.start(`agent-${port}`, 'usr/sbin/mesos-slave', [
    `--master=zk://127.0.0.1:${zk}/mesos`,
    '--ip=127.0.0.1',
    `--port=${port}`,
    `--work_dir=${bench.folder}/agent`,
    '--zk_session_timeout=2secs',
    '--no-hostname_lookup',
    ...more,
  ]);
}

async function elected(among: Member[]): Promise<Member> {
  return eventually('one elected master', async () => {
    const all = await Promise.all(among.map((one) => metrics(one.port)));
    const leaders = among.filter((_, index) => all[index]?.['master/elected'] === 1);
    expect(leaders.length).toBeLessThan(2);
    return leaders[0];
  });
}

async function registeredWith(master: Member): Promise<State['slaves'][number]> {
  return eventually('the agent is registered', async () => {
    const { body } = await ask<State>(master.port, '/state');
    return body.slaves.find((slave) => slave.connected);
  });
}

test('the first boot of an empty cluster needs all masters; then exactly one is elected', async () => {
  const two = [await startMaster(), await startMaster()];
  for (const { port } of two)
    await eventually('two registered replicas', async () =>
      (await metrics(port))['stand-in/replicas_registered'] === 2 ? true : undefined,
    );
  for (const { port } of two)
    expect(await metrics(port)).toMatchObject({
      'master/elected': 0,
      'registrar/log/recovered': 0,
    });
  await startMaster();
  const leader = await elected(masters);
  expect(await metrics(leader.port)).toMatchObject({ 'registrar/log/recovered': 1 });
  const { body } = await ask<State>(leader.port, '/master/state');
  expect(body).toMatchObject({ stand_in: true, version: '1.9.0-standin' });
});

test('a standby master redirects to the leader, and names it', async () => {
  const leader = await elected(masters);
  const standby = masters.find((one) => one !== leader) ?? leader;
  const { status, body } = await ask<State>(standby.port, '/state');
  expect(status).toBe(307);
  expect(body.leader).toBe(`master@127.0.0.1:${leader.port}`);
  const followed = await fetch(`http://127.0.0.1:${standby.port}/state`);
  expect(((await followed.json()) as State).leader).toBe(body.leader);
});

test('when the leader is killed another one takes over, and the agent keeps its id', async () => {
  const agentPort = await freePort();
  const agent = startAgent(agentPort, '--attributes=rack:r1');
  const first = await elected(masters);
  const { id } = await registeredWith(first);
  // The master lists the agent before the agent has its answer.
  const stored = await eventually('the agent has stored its id', () =>
    basename(readlinkSync(join(bench.folder, 'agent/meta/slaves/latest'))),
  );
  expect(stored).toBe(id);
  await kill(first.running, 'SIGKILL');
  const second = await elected(masters.filter((one) => one !== first));
  expect((await registeredWith(second)).id).toBe(id);
  await eventually('the agent reports it', async () =>
    (await metrics(agentPort))['slave/registered'] === 1 ? true : undefined,
  );

  await kill(agent, 'SIGKILL');
  const changed = startAgent(agentPort, '--attributes=rack:r1;disk:ssd');
  expect(await ended(changed)).toBe(1);
  expect(changed.log()).toContain('Incompatible agent info detected');
  startAgent(agentPort, '--attributes=rack:r1;disk:ssd', '--reconfiguration_policy=additive');
  const additive = await eventually('the agent with an additional attribute', async () => {
    const { body } = await ask<State>(second.port, '/slaves');
    return body.slaves.find((slave) => slave.connected && 'disk' in slave.attributes);
  });
  expect(additive.id).toBe(id);
});

test('a master that comes back with an empty disk catches up from the others', async () => {
  const dead = masters.findIndex(
    (one) => one.running.process.exitCode !== null || one.running.process.signalCode !== null,
  );
  const old = masters.splice(dead, 1)[0];
  rmSync(join(bench.folder, `master-${old?.port ?? 0}`), { recursive: true });
  const fresh = await startMaster();
  await eventually('its log is recovered', async () =>
    (await metrics(fresh.port))['registrar/log/recovered'] === 1 ? true : undefined,
  );
  expect(existsSync(join(bench.folder, `master-${fresh.port}/replicated_log/status`))).toBe(true);
  expect(await elected(masters)).not.toBe(fresh);
});
