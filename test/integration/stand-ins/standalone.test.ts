import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { ask, metrics } from './ask.ts';
import { Bench, kill, type Running } from './bench.ts';
import { eventually } from './eventually.ts';
import { freePort } from './free-port.ts';

let bench: Bench;
beforeAll(() => {
  bench = new Bench();
});
afterAll(() => bench.close());

interface State {
  readonly leader: string;
  readonly slaves: readonly { readonly connected: boolean; readonly id: string }[];
}

/** A master of clusterd's stand-in, or another program, that listens on its own port. */
async function start(flags: readonly string[], program = join(bench.clusterd, 'usr/bin/mesos-master')) {
  const port = await freePort();
  const running = bench.start(`${port}`, program, [
    ...['--ip=127.0.0.1', `--port=${port}`, `--work_dir=${bench.folder}/${port}`],
    ...flags,
  ]);
  return { port, running };
}

/** The real master does the same if it gets no --zk: the package aventer-mesos has no file that would set it. */
test('each master of clusterd without --zk leads, names itself, and counts one replica, whatever its quorum', async () => {
  const masters = [await start(['--quorum=2']), await start(['--quorum=2'])];
  for (const { port } of masters) {
    await eventually('elected', async () =>
      (await metrics(port))['master/elected'] === 1 ? true : undefined,
    );
    expect(await metrics(port)).toMatchObject({
      'registrar/log/recovered': 1,
      'registrar/log/ensemble_size': 1,
    });
    expect((await ask<State>(port, '/state')).body.leader).toBe(`master@127.0.0.1:${port}`);
  }
  const [first = { port: 0 }, second = { port: 0 }] = masters;
  // Mesosphere's agent: it does not check cgroups, which this host may have in any form.
  await start([`--master=127.0.0.1:${first.port}`], 'usr/sbin/mesos-slave');
  const known = async (port: number) =>
    (await ask<State>(port, '/state')).body.slaves.filter((one) => one.connected);
  await eventually('registered', async () => ((await known(first.port)).length === 1 ? true : undefined));
  expect(await known(second.port)).toEqual([]);
});

test('registrar/log/ensemble_size is the number of replicas that are known at the moment', async () => {
  const zk = await freePort();
  bench.startZooKeeper(zk);
  const flags = [`--zk=zk://127.0.0.1:${zk}/mesos`, '--quorum=2', '--zk_session_timeout=2secs'];
  const size = async (port: number) => (await metrics(port))['registrar/log/ensemble_size'];
  const known = (port: number, count: number) =>
    eventually(`${count} replicas`, async () => ((await size(port)) === count ? true : undefined));
  const { port } = await start(flags);
  await known(port, 1);
  const others: { running: Running }[] = [await start(flags), await start(flags)];
  await known(port, 3);
  await Promise.all(others.slice(0, 1).map(({ running }) => kill(running, 'SIGKILL')));
  await known(port, 2);
});
