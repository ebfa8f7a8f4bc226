import { mkdirSync } from 'node:fs';
import { createServer } from 'node:http';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest';
import { Bench, kill, type Running } from '../stand-ins/bench.ts';
import { eventually } from '../stand-ins/eventually.ts';
import { freePort } from '../stand-ins/free-port.ts';
import { onNode } from './on-a-node.ts';

const [one, two, three] = ['127.78.0.11', '127.78.0.12', '127.78.0.13'] as const;
const masters = [one, two, three] as const;
const slave = '127.78.0.21';

let bench: Bench;
let zk: number;
const running = new Map<string, Running>();
beforeAll(async () => {
  bench = new Bench();
  zk = await freePort();
  // One server, at the address of every master.
  bench.startZooKeeper(zk, '0.0.0.0');
  for (const address of masters) startMaster(address);
  startAgent();
});
afterAll(() => bench.close());

/** The text of /etc/mesos/zk with these addresses. */
const listOf = (addresses: readonly string[], path: string): string =>
  `zk://${addresses.map((address) => `${address}:${zk}`).join(',')}/${path}`;

function start(name: string, program: string, address: string, args: readonly string[]): void {
  const work = join(bench.folder, name);
  mkdirSync(work, { recursive: true });
  const common = [
    `--ip=${address}`,
    `--work_dir=${work}`,
    '--no-hostname_lookup',
    '--zk_session_timeout=2secs',
  ];
  running.set(address, bench.start(name, program, [...common, ...args]));
}

function startMaster(address: string): void {
  const flags = [`--zk=${listOf(masters, 'mesos')}`, '--quorum=2'];
  start(`master-${address}`, 'usr/sbin/mesos-master', address, flags);
}
function startAgent(): void {
  start('agent', 'usr/sbin/mesos-slave', slave, [`--master=${listOf(masters, 'mesos')}`]);
}
const stop = async (address: string): Promise<void> => {
  const process = running.get(address);
  if (process !== undefined) await kill(process, 'SIGKILL');
};

const electedMaster = (own: string, list: readonly string[] = masters) =>
  onNode('master:/usr/lib/ingot/check/elected-master', [], own, {
    'mesos/zk': `${listOf(list, 'mesos')}\n`,
  });
const agentRegistered = (list: readonly string[] = masters, path = 'mesos') =>
  onNode('slave:/usr/lib/ingot/check/agent-registered', [], slave, {
    'mesos/zk': `${listOf(list, path)}\n`,
  });

/** Starts every master that has ended; returns the address of the elected one after all three name it. */
async function allUp(): Promise<string> {
  for (const address of masters) {
    const process = running.get(address)?.process;
    if (process?.exitCode !== null || process.signalCode !== null) startMaster(address);
  }
  return eventually('all masters name one', async () => {
    const { exitCode, output } = await electedMaster(one);
    return exitCode === 0 && !output.includes(';') ? output.split(' ')[0] : undefined;
  });
}

/** A server on a master's port that answers every request with these headers. */
async function answering(address: string, port: number, status: number, location = ''): Promise<void> {
  const server = createServer((_, reply) => {
    reply.writeHead(status, location === '' ? {} : { Location: location }).end();
  });
  await new Promise<void>((resolve) => server.listen(port, address, resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
}

test('on every master the check reports the master that all masters and ZooKeeper name', async () => {
  const leader = await allUp();
  for (const own of masters) {
    const { exitCode, output } = await electedMaster(own);
    expect({ exitCode, output }).toEqual({
      exitCode: 0,
      output: `${leader} is elected, as reported by ZooKeeper and ${one}, ${two} and ${three}\n`,
    });
  }
});

test('the check of the agent passes if it is registered with the elected master', async () => {
  const leader = await allUp();
  const says = await eventually('the agent is registered', async () => {
    const { exitCode, output } = await agentRegistered();
    return exitCode === 0 ? output : undefined;
  });
  expect(says).toBe(`registered with ${leader}, which is elected\n`);
});

test('the check of an agent that follows a master that is not elected fails and names both', async () => {
  // This agent does not take part in this election.
  const { exitCode, output } = await agentRegistered(masters, 'elsewhere');
  expect(exitCode).toBe(1);
  expect(output).toMatch(
    /^the agent is registered with 127\.78\.0\.1\d, but ZooKeeper's election names nobody\n$/,
  );
});

test('a master that names itself outside of the election is reported on every other master', async () => {
  const leader = await allUp();
  const [own = one, other = two] = masters.filter((address) => address !== leader);
  await stop(other);
  // The answer of a master without --zk: src/master/main.cpp gives it a detector that names itself.
  await answering(other, 5050, 307, `//${other}:5050`);
  const { exitCode, output } = await electedMaster(own);
  expect(exitCode).toBe(1);
  expect(output).toBe(
    `${other} names itself, but ZooKeeper's election names ${leader}:5050: ` +
      'each master must run with the --zk of /etc/mesos/zk: check its /flags, correct it and restart it\n',
  );
});

test('with two of three masters the check passes and names the third; with one master it fails', async () => {
  const leader = await allUp();
  const [own = one, other = two] = masters.filter((address) => address !== leader);
  await stop(other);
  const passed = await electedMaster(own);
  expect(passed.exitCode).toBe(0);
  expect(passed.output).toContain(`${leader} is elected, as reported by ZooKeeper and `);
  expect(passed.output).toContain(`; ${other} does not answer (http://${other}:5050/master/redirect: `);
  await stop(own);
  const { exitCode, output } = await electedMaster(leader);
  expect(exitCode).toBe(1);
  expect(output).toContain('1 of 3 masters name it, and 2 are needed');
});

test('three masters that each name themselves fail the check, and the message names all three', async () => {
  const alone = ['127.78.1.11', '127.78.1.12', '127.78.1.13'];
  for (const address of alone) await answering(address, 5050, 307, `//${address}:5050`);
  const { exitCode, output } = await onNode('master:/usr/lib/ingot/check/elected-master', [], '127.78.1.11', {
    'mesos/zk': listOf(alone, 'nobody'),
  });
  expect(exitCode).toBe(1);
  expect(output).toContain(
    '127.78.1.11, 127.78.1.12 and 127.78.1.13 name themselves as leader, and ZooKeeper has no election',
  );
});

test('if no ZooKeeper serves, the check reports that for each server', async () => {
  const { exitCode, output } = await onNode('master:/usr/lib/ingot/check/elected-master', [], '127.78.1.21', {
    'mesos/zk': 'zk://127.78.1.21:2181,127.78.1.22:2181/mesos',
  });
  expect(exitCode).toBe(1);
  expect(output).toMatch(
    /^the leader in ZooKeeper is unknown: 127\.78\.1\.21:2181: .*refused; 127\.78\.1\.22:2181: .*refused\n$/,
  );
});

test('Marathon has a leader if its own answer agrees with the election', async () => {
  const own = '127.78.0.31';
  const marathon = () =>
    onNode('schedulers/marathon/master:/usr/lib/ingot/check/marathon-leader', [], own, {
      'default/marathon': `MARATHON_HOSTNAME=${own}\nMARATHON_ZK=${listOf([own], 'marathon')}\n`,
    });
  expect((await marathon()).output).toContain(`http://${own}:8080/v2/leader: `);
  bench.start('marathon', 'usr/bin/marathon', [], {
    MARATHON_MASTER: listOf(masters, 'mesos'),
    MARATHON_ZK: listOf([own], 'marathon'),
    MARATHON_HOSTNAME: own,
    MARATHON_HTTP_ADDRESS: own,
    MARATHON_ZK_SESSION_TIMEOUT: '2000',
  });
  const says = await eventually('Marathon leads', async () => {
    const { exitCode, output } = await marathon();
    return exitCode === 0 ? output : undefined;
  });
  expect(says).toBe(`Marathon's leader is ${own}:8080\n`);
  const { exitCode, output } = await onNode(
    'schedulers/marathon/master:/usr/lib/ingot/check/marathon-leader',
    [],
    own,
    {
      'default/marathon': `MARATHON_ZK=${listOf([own], 'another')}\n`,
    },
  );
  expect(exitCode).toBe(1);
  expect(output).toContain(`Marathon follows ${own}:8080, but ZooKeeper's election names nobody`);
});
