import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, readFileSync, readlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Cluster } from '../../../src/rehearse/cluster.ts';
import { drillFailure } from '../../../src/rehearse/drill-failure.ts';
import type { NodeSample } from '../../../src/rehearse/node-sample.ts';
import type { RehearsedPlace } from '../../../src/rehearse/place.ts';
import { Watch } from '../../../src/rehearse/watch.ts';
import { nodePrograms } from '../../unit/images/node-programs.ts';
import type { Bench } from '../stand-ins/bench.ts';
import type { DockerDaemon } from '../stand-ins/docker-daemon.ts';

const project = join(import.meta.dirname, '../../..');

export type KillMode = 'process' | 'control-group';

/** Both nodes are this host, at different addresses: the ports are those of a cluster. */
const master: RehearsedPlace = { name: 'master-1', role: 'master', address: '127.77.0.11', mac: '' };
const slave: RehearsedPlace = { name: 'slave-1', role: 'slave', address: '127.77.0.31', mac: '' };

/**
 * A master and a slave of the stand-ins on this host, with a real ZooKeeper and a real Docker, as far as the drill
 * `container` can distinguish. Programs for a node run here, in a mount namespace that has the node's programs, and
 * host-node/ in place of systemd.
 */
export class HostCluster {
  readonly masters = [master];
  readonly slaves = [slave];
  readonly watch: Watch;
  readonly options = {
    container: readFileSync(join(project, 'templates/rehearse/container.py'), 'utf8'),
  };
  readonly #bench: Bench;
  readonly #docker: DockerDaemon;
  readonly #node: string;
  readonly #timer: NodeJS.Timeout;

  /** @param killMode KillMode of the agent's unit */
  constructor(bench: Bench, docker: DockerDaemon, zk: number, killMode: KillMode) {
    this.#bench = bench;
    this.#docker = docker;
    this.#node = join(bench.folder, 'node');
    for (const folder of ['bin', 'lib', 'units', 'run/master-1/ingot', 'run/slave-1/ingot', 'work'])
      mkdirSync(join(this.#node, folder), { recursive: true });
    cpSync(join(nodePrograms('common'), 'usr/lib/ingot'), join(this.#node, 'lib/ingot'), { recursive: true });
    cpSync(join(bench.tree, 'usr/lib/mesos-stand-in'), join(this.#node, 'lib/mesos-stand-in'), {
      recursive: true,
    });
    cpSync(join(bench.tree, 'usr/bin/mesos-execute'), join(this.#node, 'bin/mesos-execute'));
    cpSync(join(import.meta.dirname, 'host-node'), join(this.#node, 'bin'), { recursive: true });
    for (const { name, address } of [master, slave])
      writeFileSync(join(this.#node, `run/${name}/ingot/address`), `${address}\n`);
    const url = `zk://127.0.0.1:${zk}/mesos`;
    this.#unit('mesos-master.service', 'usr/sbin/mesos-master', 'process', [
      ...[`--zk=${url}`, '--quorum=1', `--ip=${master.address}`, `--work_dir=${this.#node}/work/master`],
      '--no-hostname_lookup',
    ]);
    this.#unit('mesos-slave.service', 'usr/sbin/mesos-slave', killMode, [
      ...[`--master=${url}`, `--ip=${slave.address}`, `--work_dir=${this.#node}/work/agent`],
      ...['--no-hostname_lookup', '--containerizers=docker,mesos', `--docker_socket=${docker.socket}`],
      ...['--docker=/usr/bin/docker', `--launcher_dir=${bench.tree}/usr/libexec/mesos`],
    ]);
    this.watch = new Watch({
      now: this.now,
      signal: new AbortController().signal,
      nodes: () => [master, slave].map((place) => ({ place, seed: [master.address] })),
    });
    this.#timer = setInterval(() => void this.#sample(), 500);
  }

  get asCluster(): Cluster {
    return this as unknown as Cluster;
  }

  now = (): number => Date.now();
  limit = (seconds: number): number => seconds * 2;
  say = (): void => undefined;
  forgetFirst = (): void => undefined;

  /** Starts Mesos. */
  async start(): Promise<void> {
    await this.run('master-1', 'systemctl start mesos-master.service');
    await this.run('slave-1', 'systemctl start mesos-slave.service');
    await this.healthy(120);
  }

  healthy = async (limitSeconds: number): Promise<number> =>
    this.watch.until({
      what: 'all nodes healthy',
      limitSeconds,
      missing: ({ nodes }) => [
        ...(nodes.some(({ sample }) => sample?.master?.elected === true) ? [] : ['no master']),
        ...(nodes.some(({ sample }) => sample?.agent?.registered === true) ? [] : ['no agent']),
      ],
    });

  /** Runs a script as on the node. */
  run = (name: string, script: string): Promise<string> => {
    const inside = [
      'mount -t overlay overlay -o "lowerdir=$NODE/bin:/usr/bin" /usr/bin',
      'mount -t overlay overlay -o "lowerdir=$NODE/lib:/usr/lib" /usr/lib',
      'mount --bind "$NODE/run/$1" /run',
      'exec sh -s',
    ].join('\n');
    const { status, stdout, stderr } = spawnSync('unshare', ['--mount', 'sh', '-euc', inside, 'sh', name], {
      input: script,
      encoding: 'utf8',
      env: {
        PATH: '/usr/sbin:/usr/bin:/sbin:/bin',
        NODE: this.#node,
        DOCKER_HOST: `unix://${this.#docker.socket}`,
      },
    });
    return status === 0 ? Promise.resolve(stdout) : Promise.reject(drillFailure(`${name}: ${stderr}`));
  };

  /** The log of an agent or a master. */
  log(unit: string): string {
    return readFileSync(join(this.#node, 'units', unit, 'log'), 'utf8');
  }

  async close(): Promise<void> {
    clearInterval(this.#timer);
    await this.run('slave-1', 'systemctl stop mesos-slave.service; systemctl stop mesos-master.service');
    // Executors outlive their agent.
    spawnSync('pkill', ['-KILL', '-f', `${this.#node}/work/`]);
  }

  #unit(name: string, program: string, killMode: KillMode, flags: readonly string[]): void {
    const file = join(this.#node, 'units', name, 'start');
    mkdirSync(dirname(file));
    const words = [join(this.#bench.tree, program), ...flags].map((word) => `'${word}'`);
    writeFileSync(file, `#!/bin/sh\nMESOS_SYSTEMD_ENABLE_SUPPORT=false exec ${words.join(' ')}\n`, {
      mode: 0o755,
    });
    writeFileSync(join(dirname(file), 'kill-mode'), `${killMode}\n`);
  }

  async #sample(): Promise<void> {
    const at = Date.now() / 1000;
    const [elected, registered] = await Promise.all([
      metric(`${master.address}:5050`, 'master/elected'),
      metric(`${slave.address}:5051`, 'slave/registered'),
    ]);
    let agentId: string | null = null;
    try {
      agentId = readlinkSync(join(this.#node, 'work/agent/meta/slaves/latest'));
    } catch {
      // It has none yet.
    }
    const took = Date.now() / 1000 - at;
    const unknown = { machineId: null, hostKey: null, hostName: null, zookeeperId: null, zookeeper: null };
    const common = {
      at,
      took,
      marathon: null,
      elections: null,
      standIns: [],
      identityFailed: null,
      ...unknown,
    };
    this.watch.receive(master.name, {
      ...{ ...common, address: master.address, agentId: null, agent: null },
      master: { elected },
    } as unknown as NodeSample);
    this.watch.receive(slave.name, {
      ...{ ...common, address: slave.address, agentId, master: null },
      agent: { registered },
    } as unknown as NodeSample);
  }
}

async function metric(where: string, name: string): Promise<boolean> {
  try {
    const reply = await fetch(`http://${where}/metrics/snapshot`);
    return ((await reply.json()) as Record<string, number>)[name] === 1;
  } catch {
    return false;
  }
}
