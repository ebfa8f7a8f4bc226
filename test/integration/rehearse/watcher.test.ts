import { spawn } from 'node:child_process';
import { mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { dirname, join } from 'node:path';
import { createInterface } from 'node:readline';
import { expect, onTestFinished, test } from 'vitest';
import { type NodeSample, parseSample } from '../../../src/rehearse/node-sample.ts';
import { watcherProgram } from '../../../src/rehearse/watcher-program.ts';
import { temporaryFolder } from '../../samples/temporary.ts';
import { Bench } from '../stand-ins/bench.ts';
import { Ensemble } from './ensemble.ts';

const nodeTools = join(import.meta.dirname, '../../../node-tools');
const template = join(import.meta.dirname, '../../../templates/rehearse/watch.py');

/** A watcher that reads a folder instead of a node. */
class Watcher {
  readonly lines: NodeSample[] = [];

  static async at(root: string): Promise<Watcher> {
    // As a rehearsal sends it to a node of any image.
    const program = join(await temporaryFolder(), 'watch.py');
    writeFileSync(program, await watcherProgram(readFileSync(template, 'utf8'), nodeTools));
    return new Watcher(program, root);
  }

  private constructor(program: string, root: string) {
    const child = spawn('/usr/bin/python3', ['-sEB', program, `--root=${root}`], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    onTestFinished(() => void child.kill());
    createInterface({ input: child.stdout }).on('line', (line) => {
      const sample = parseSample(line);
      if (sample === undefined) throw new Error(`no sample: ${line}`);
      this.lines.push(sample);
    });
  }

  /** The newest sample with these values among those that arrive from now on. */
  async says(expected: Partial<NodeSample>): Promise<NodeSample> {
    const from = this.lines.length + 1;
    await expect
      .poll(() => this.lines.slice(from).at(-1), { timeout: 90_000, interval: 200 })
      .toMatchObject(expected);
    const last = this.lines.at(-1);
    if (last === undefined) throw new Error('there was a sample');
    return last;
  }
}

async function rootOf(files: Readonly<Record<string, string>>): Promise<string> {
  const root = await temporaryFolder();
  for (const [path, content] of Object.entries(files)) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), content);
  }
  return root;
}

test("the watcher distinguishes a ZooKeeper that can write from one that has lost its quorum, with Debian's own", async () => {
  const ensemble = new Ensemble(await temporaryFolder());
  onTestFinished(() => ensemble.close());
  const [first, second, third] = ensemble.addresses;
  const watchers = new Map<string, Watcher>();
  for (const address of ensemble.addresses)
    watchers.set(
      address,
      await Watcher.at(
        await rootOf({
          'run/ingot/address': `${address}\n`,
          'etc/mesos/zk': `zk://${ensemble.addresses.map((one) => `${one}:2181`).join(',')}/mesos\n`,
        }),
      ),
    );
  const of = (address: string): Watcher => {
    const watcher = watchers.get(address);
    if (watcher === undefined) throw new Error(address);
    return watcher;
  };

  await of(first).says({ zookeeper: null, writes: false });
  ensemble.start(first);
  await of(first).says({ zookeeper: 'waiting', writes: false });
  ensemble.start(second);
  ensemble.start(third);
  const samples = await Promise.all(ensemble.addresses.map((address) => of(address).says({ writes: true })));
  expect(samples.map(({ zookeeper }) => zookeeper).sort()).toEqual(['follower', 'follower', 'leader']);

  // The znodes decide whom the election names, whichever server is queried.
  const bench = new Bench();
  onTestFinished(() => bench.close());
  const flags = [`--zk=zk://${second}:2181/mesos`, '--quorum=1', `--work_dir=${bench.folder}/master`];
  bench.start('master', 'usr/sbin/mesos-master', [`--ip=${second}`, '--no-hostname_lookup', ...flags]);
  const elections = { mesos: `${second}:5050`, marathon: null };
  for (const address of ensemble.addresses) await of(address).says({ elections });
  expect((await of(second).says({ elections })).master).toMatchObject({
    ...{ elected: true, recovered: true, leader: `${second}:5050`, quorum: 1 },
  });

  const leader = ensemble.addresses.find((_, index) => samples[index]?.zookeeper === 'leader') ?? first;
  const [stays = first, goes = second] = ensemble.addresses.filter((address) => address !== leader);
  await ensemble.kill(leader);
  await of(leader).says({ zookeeper: null, writes: false });
  await of(stays).says({ writes: true });
  await ensemble.kill(goes);
  await of(stays).says({ writes: false });
  ensemble.start(goes);
  await of(stays).says({ writes: true });
});

test('the watcher reads the identity of the node and the answers of Mesos and Marathon, and continues when nobody answers', async () => {
  const address = '127.77.0.21';
  const root = await rootOf({
    'proc/cmdline': 'ingot.version=20261127-aaaaaaaaaaaa ingot.roothash=abcd ro\n',
    'proc/sys/kernel/random/boot_id': 'one\n',
    'proc/sys/kernel/hostname': 'demo-master\n',
    'etc/machine-id': 'machine\n',
    'usr/lib/ingot/release.json': '{"role": "master", "standIns": ["mesos 1"]}',
    'var/lib/ingot/state/ssh/ssh_host_ed25519_key.pub': 'ssh-ed25519 AAAA\n',
    'var/lib/zookeeper/myid': '3\n',
  });
  mkdirSync(join(root, 'var/lib/mesos/meta/slaves/agent-S0'), { recursive: true });
  symlinkSync('agent-S0', join(root, 'var/lib/mesos/meta/slaves/latest'));
  const watcher = await Watcher.at(root);
  const who = {
    ...{ version: '20261127-aaaaaaaaaaaa', rootHash: 'abcd', bootId: 'one', hostName: 'demo-master' },
    ...{ machineId: 'machine', role: 'master', standIns: ['mesos 1'], hostKey: 'AAAA', zookeeperId: '3' },
    agentId: 'agent-S0',
  };
  await watcher.says({ ...who, address: null, zookeeper: null, master: null, marathon: null, agent: null });

  mkdirSync(join(root, 'run/ingot'), { recursive: true });
  writeFileSync(join(root, 'run/ingot/address'), `${address}\n`);
  await watcher.says({ ...who, address, zookeeper: null, master: null, marathon: null, agent: null });

  const serve = async (
    port: number,
    answers: Readonly<Record<string, object>>,
    redirects: Readonly<Record<string, string>> = {},
  ): Promise<void> => {
    const server = createServer((request, response) => {
      const path = request.url ?? '';
      const location = redirects[path];
      if (location !== undefined) response.writeHead(307, { Location: location }).end();
      else
        response
          .writeHead(path in answers ? 200 : 404)
          .end(JSON.stringify(answers[path] ?? {}).replaceAll('/', '\\/'));
    });
    await new Promise<void>((resolve) => server.listen(port, address, resolve));
    onTestFinished(() => {
      server.closeAllConnections();
      server.close();
    });
  };
  const metrics = {
    ...{ 'master/elected': 1, 'registrar/log/recovered': 1, 'registrar/log/ensemble_size': 3 },
    'master/slaves_active': 2,
  };
  await serve(
    5050,
    { '/metrics/snapshot': metrics, '/master/flags': { flags: { quorum: '2' } } },
    { '/master/redirect': `//${address}:5050` },
  );
  await serve(5051, {
    '/metrics/snapshot': { 'slave/registered': 0 },
    '/state': { master_hostname: address },
  });
  await serve(8080, {
    '/v2/leader': { leader: `${address}:8080` },
    '/v2/apps': { apps: [{ id: '/a', tasksRunning: 2 }] },
  });
  await watcher.says({
    master: { elected: true, recovered: true, leader: `${address}:5050`, quorum: 2, agents: 2 },
    agent: { registered: false, master: `${address}:5050` },
    marathon: { leader: `${address}:8080`, apps: { '/a': 2 } },
    scheduler: 'marathon',
  });

  // Where the image has no Marathon, whatever uses its port is not queried.
  writeFileSync(join(root, 'usr/lib/ingot/release.json'), '{"role": "master", "scheduler": "none"}');
  await watcher.says({
    scheduler: 'none',
    marathon: null,
    agent: { registered: false, master: `${address}:5050` },
  });
});
