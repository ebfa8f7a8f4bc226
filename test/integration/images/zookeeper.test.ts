import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { type AddressInfo, connect, createServer } from 'node:net';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { NodeTree } from '../../unit/images/node-tree.ts';

const master = fileURLToPath(new URL('../../../images/master/rootfs', import.meta.url));

let tree: NodeTree;
let running: ChildProcess | undefined;
let output = '';
beforeEach(() => {
  tree = new NodeTree();
});
afterEach(async () => {
  const child = running;
  if (child?.exitCode === null) {
    const ended = new Promise((resolve) => child.on('close', resolve));
    child.kill('SIGKILL');
    await ended;
  }
  rmSync(tree.folder, { recursive: true });
});

async function freePort(): Promise<number> {
  const probe = createServer();
  await new Promise<void>((resolve) => probe.listen(0, '127.0.0.1', resolve));
  const { port } = probe.address() as AddressInfo;
  await new Promise((resolve) => probe.close(resolve));
  return port;
}

/** ZooKeeper's answer to a four-letter word; undefined while it does not listen. */
async function ask(port: number, word: string): Promise<string | undefined> {
  return new Promise((resolve) => {
    let answer = '';
    const socket = connect(port, '127.0.0.1', () => socket.write(word));
    socket.on('data', (data) => (answer += data.toString()));
    socket.on('error', () => {
      resolve(undefined);
    });
    socket.on('close', () => {
      resolve(answer);
    });
  });
}

it("Debian's ZooKeeper runs with the unit's command line, the image's logging and the zoo.cfg of ingot-identity", async () => {
  tree.write('/etc/ingot/cluster.json', '{"version":1,"cluster":"demo","masters":["127.0.0.1"]}');
  tree.write('/usr/lib/ingot/release.json', '{"role":"master","layout":"mesosphere","scheduler":"none"}');
  expect(tree.run('/usr/lib/ingot/identity', '--address=127.0.0.1').exitCode).toBe(0);

  // The same files with a free port and folders below the tree's.
  const port = await freePort();
  const conf = join(tree.folder, 'etc/zookeeper/conf');
  const data = join(tree.folder, 'var/lib/zookeeper');
  mkdirSync(data, { recursive: true });
  const cfg = tree.read('/etc/zookeeper/conf/zoo.cfg');
  expect(cfg).toMatch(/^dataDir=\/var\/lib\/zookeeper$/m);
  writeFileSync(
    join(conf, 'zoo.cfg'),
    cfg.replace('/var/lib/zookeeper', data).replace('clientPort=2181', `clientPort=${port}`),
  );
  writeFileSync(join(conf, 'logback.xml'), readFileSync(join(master, 'etc/zookeeper/conf/logback.xml')));
  const flags =
    /^JVMFLAGS="(.*)"$/m.exec(readFileSync(join(master, 'etc/default/zookeeper'), 'utf8'))?.[1] ?? '';
  expect(flags).toContain('-Xmx');
  const unit = readFileSync(join(master, 'usr/lib/systemd/system/zookeeper.service'), 'utf8');
  const [java = '', ...args] = (/^ExecStart=(.*)$/m.exec(unit)?.[1] ?? '')
    .replace('$JVMFLAGS', flags)
    .replaceAll('/etc/zookeeper/conf', conf)
    .split(' ');

  const child = spawn(java, args, { stdio: ['ignore', 'pipe', 'pipe'] });
  running = child;
  child.stdout.on('data', (text: Buffer) => (output += text.toString()));
  child.stderr.on('data', (text: Buffer) => (output += text.toString()));

  await expect
    .poll(() => ask(port, 'srvr'), { timeout: 60_000, interval: 200, message: 'ZooKeeper answers' })
    .toContain('Mode: standalone');
  expect(await ask(port, 'ruok')).toBe('imok');
  expect(await ask(port, 'envi')).toContain('not in the whitelist');
  // The logging binding is present: without it slf4j reports that and drops every line.
  expect(output).not.toContain('SLF4J');
  // It also does not run on log4j 1.2, which has had no fixes since 2015.
  expect(args.join(' ')).not.toContain('log4j');
  expect(output).toContain('Log4j 1.2 jmx support not found');
  expect(output).toMatch(/^INFO {2}\[main\]/m);
  // Only the sockets that drift.d of a master declares are listening, and no port that the JVM chooses.
  const sockets = execFileSync('ss', ['-Hltnp'], { encoding: 'utf8' }).split('\n');
  const own = sockets.filter((line) => line.includes(`pid=${String(child.pid)},`));
  expect(own.map((line) => /:(\d+)\s/.exec(line)?.[1])).toEqual([String(port)]);
  // Port 8080 is Marathon's.
  expect(output).not.toContain('Started AdminServer');
});
