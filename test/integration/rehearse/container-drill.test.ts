import { afterEach, beforeEach, expect, test } from 'vitest';
import type { IngotError } from '../../../src/host/ingot-error.ts';
import { container } from '../../../src/rehearse/drills/container.ts';
import { Bench } from '../stand-ins/bench.ts';
import { DockerDaemon } from '../stand-ins/docker-daemon.ts';
import { freePort } from '../stand-ins/free-port.ts';
import { HostCluster, type KillMode } from './host-cluster.ts';

let bench: Bench;
let docker: DockerDaemon;
let cluster: HostCluster | undefined;

beforeEach(async () => {
  bench = new Bench();
  docker = new DockerDaemon();
  await docker.answers();
});
afterEach(async () => {
  await cluster?.close();
  await bench.close();
  await docker.close();
});

async function clusterWith(killMode: KillMode): Promise<HostCluster> {
  const zk = await freePort();
  bench.startZooKeeper(zk);
  cluster = new HostCluster(bench, docker, zk, killMode);
  await cluster.start();
  return cluster;
}

test("the drill container passes if the agent's unit leaves executors alive, and it leaves nothing behind", async () => {
  const sound = await clusterWith('process');
  const { saw } = await container.run(sound.asCluster);
  expect(saw).toMatch(
    /^mesos-[0-9a-f-]{36} ran on slave-1 with 48 MiB and 0\.1 of a processor.*survived a restart.*a new agent.* removed it$/,
  );
  expect(docker.docker('ps', '-aq')).toBe('');
  expect(docker.docker('images', '-q')).toBe('');
});

test('the drill container fails with a clear message if stopping the agent ends its executors', async () => {
  const killing = await clusterWith('control-group');
  const failure = await container.run(killing.asCluster).then(
    () => undefined,
    (error: unknown) => error as IngotError,
  );
  expect(failure?.message).toBe('the task did not survive a restart of mesos-slave.service on slave-1');
  expect(failure?.excerpt.join('\n')).toMatch(
    /: ended\nthe master says TASK_.*\nKillMode of mesos-slave\.service is control-group: .*KillMode=process/,
  );
});
