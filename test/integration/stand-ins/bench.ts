import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { closeSync, mkdtempSync, openSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const BUILD = fileURLToPath(new URL('../../../stand-ins/build-debs', import.meta.url));

/** A program that a bench started: its process, and its output so far. */
export type Running = { process: ChildProcess; log: () => string };

/** Builds all packages into a folder; returns the paths of the .debs, sorted. */
export function buildDebs(folder: string): string[] {
  execFileSync(BUILD, [folder], { stdio: 'ignore' });
  return readdirSync(folder)
    .filter((name) => name.endsWith('.deb'))
    .sort()
    .map((name) => join(folder, name));
}

/**
 * A temporary folder with the unpacked packages, and the programs started from it: mesos and marathon in `tree`;
 * aventer-mesos, which has files with the same names, in `clusterd`.
 */
export class Bench {
  readonly folder = mkdtempSync(join(tmpdir(), 'stand-ins-'));
  readonly tree = join(this.folder, 'tree');
  readonly clusterd = join(this.folder, 'clusterd');
  readonly #running: Running[] = [];

  constructor() {
    for (const deb of buildDebs(join(this.folder, 'debs')))
      execFileSync('dpkg-deb', ['-x', deb, deb.includes('/aventer-mesos_') ? this.clusterd : this.tree]);
  }

  /** Starts a program (a path below the tree, or an absolute one) with only this environment. */
  start(name: string, program: string, args: string[], env: Record<string, string> = {}): Running {
    const file = join(this.folder, `${name}.log`);
    const out = openSync(file, 'a');
    const path = program.startsWith('/') ? program : join(this.tree, program);
    // Whatever cgroups this host has: the needs of an agent with systemd's support are tested elsewhere.
    const says = args.some((arg) => arg.includes('systemd_enable_support'));
    const systemd = says ? {} : { MESOS_SYSTEMD_ENABLE_SUPPORT: 'false' };
    const process = spawn(path, args, {
      stdio: ['ignore', out, out],
      env: { PATH: '/usr/sbin:/usr/bin:/sbin:/bin', ...systemd, ...env },
    });
    closeSync(out);
    const running = { process, log: () => readFileSync(file, 'utf8') };
    this.#running.push(running);
    return running;
  }

  /** Starts a single Debian ZooKeeper on this port of an address (0.0.0.0: all addresses of this machine). */
  startZooKeeper(port: number, address = '127.0.0.1'): Running {
    const configuration = join(this.folder, 'zoo.cfg');
    const lines = [
      'tickTime=500',
      `dataDir=${join(this.folder, 'zookeeper')}`,
      `clientPort=${port}`,
      `clientPortAddress=${address}`,
      'admin.enableServer=false',
    ];
    writeFileSync(configuration, lines.join('\n') + '\n');
    return this.start('zookeeper', '/usr/bin/java', [
      '-Xmx128m',
      '-cp',
      '/usr/share/java/zookeeper.jar',
      'org.apache.zookeeper.server.ZooKeeperServerMain',
      configuration,
    ]);
  }

  /** Ends everything that was started, and removes the folder. */
  async close(): Promise<void> {
    await Promise.all(this.#running.map((one) => kill(one, 'SIGTERM')));
    rmSync(this.folder, { recursive: true, force: true });
  }
}

/** Sends the signal and waits until the process has ended; returns its exit code, null after a signal. */
export function kill(running: Running, signal: NodeJS.Signals): Promise<number | null> {
  running.process.kill(signal);
  return ended(running);
}

/** Waits until the process has ended by itself; returns its exit code. */
export function ended({ process }: Running): Promise<number | null> {
  if (process.exitCode !== null || process.signalCode !== null) return Promise.resolve(process.exitCode);
  return new Promise((resolve) => process.once('exit', resolve));
}
