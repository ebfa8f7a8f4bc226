import { type ChildProcess, spawn } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';

/** Debian's ZooKeepers, each at its own loopback address with the ports of a node. */
export class Ensemble {
  readonly addresses = ['127.77.0.12', '127.77.0.13', '127.77.0.11'] as const;
  /** Two that may be added. */
  readonly more = ['127.77.0.14', '127.77.0.15'] as const;
  readonly #running = new Map<string, ChildProcess>();
  readonly #folder: string;

  constructor(folder: string) {
    this.#folder = folder;
  }

  /** @param members in the order of their ids */
  start(address: string, members: readonly string[] = this.addresses): void {
    const data = join(this.#folder, address);
    mkdirSync(data, { recursive: true });
    const servers = members.map((one, index) => `server.${index + 1}=${one}:2888:3888`);
    const lines = [
      ...['tickTime=500', 'initLimit=20', 'syncLimit=4', `dataDir=${data}`, 'clientPort=2181'],
      ...[
        `clientPortAddress=${address}`,
        'admin.enableServer=false',
        '4lw.commands.whitelist=srvr',
        ...servers,
      ],
    ];
    writeFileSync(join(data, 'zoo.cfg'), `${lines.join('\n')}\n`);
    writeFileSync(join(data, 'myid'), `${members.indexOf(address) + 1}\n`);
    const args = ['-Xmx128m', '-cp', '/usr/share/java/zookeeper.jar'];
    const main = 'org.apache.zookeeper.server.quorum.QuorumPeerMain';
    this.#running.set(
      address,
      spawn('/usr/bin/java', [...args, main, join(data, 'zoo.cfg')], { stdio: 'ignore' }),
    );
  }

  /** leader or follower; undefined for a server that serves nobody. */
  async mode(address: string): Promise<string | undefined> {
    const answer = await new Promise<string>((resolve) => {
      let text = '';
      const socket = connect(2181, address, () => socket.write('srvr'));
      socket.on('data', (chunk) => (text += chunk.toString()));
      socket.on('error', () => undefined);
      socket.on('close', () => {
        resolve(text);
      });
    });
    return /^Mode: (\w+)$/m.exec(answer)?.[1];
  }

  async kill(address: string): Promise<void> {
    const process = this.#running.get(address);
    this.#running.delete(address);
    if (process === undefined || process.exitCode !== null) return;
    const ended = new Promise((resolve) => process.once('exit', resolve));
    process.kill('SIGKILL');
    await ended;
  }

  async close(): Promise<void> {
    await Promise.all([...this.#running.keys()].map((address) => this.kill(address)));
  }
}
