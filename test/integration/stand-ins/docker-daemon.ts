import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { closeSync, mkdirSync, mkdtempSync, openSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { eventually } from './eventually.ts';

/** Parts of a shell and its libraries for the smallest image in which `/bin/sh -c` runs: names of a tar below /. */
const imageScript =
  'tar -C / -ch bin/sh bin/sleep $(ldd /bin/sh /bin/sleep | grep -o "/lib[^ ]*" | sort -u | sed "s,^/,,") | docker -H "$1" import - "$2"';

/** A Docker daemon of this host's packages for one test file, with its own store and socket, without networks. */
export class DockerDaemon {
  /** Short: paths of sockets in it may have 107 bytes. */
  readonly #folder = mkdtempSync('/tmp/dockerd-');
  readonly #process: ChildProcess;
  readonly socket = join(this.#folder, 's');

  constructor() {
    mkdirSync(join(this.#folder, 'run'));
    const log = openSync(join(this.#folder, 'log'), 'a');
    const given = [
      ...['--iptables=false', '--ip6tables=false', '--ip-forward=false', '--bridge=none'],
      ...['--storage-driver=vfs', `--data-root=${this.#folder}/data`, `--exec-root=${this.#folder}/run`],
      ...[`--pidfile=${this.#folder}/pid`, `-H=unix://${this.socket}`],
    ];
    this.#process = spawn('/usr/sbin/dockerd', given, {
      stdio: ['ignore', log, log],
      env: { PATH: '/usr/sbin:/usr/bin:/sbin:/bin' },
    });
    closeSync(log);
  }

  /** Runs a docker command; returns its output. */
  docker(...given: readonly string[]): string {
    return execFileSync('/usr/bin/docker', ['-H', `unix://${this.socket}`, ...given], {
      encoding: 'utf8',
    }).trim();
  }

  /** Waits until it answers. */
  async answers(): Promise<void> {
    await eventually('dockerd answers', () => this.docker('version') !== '' || undefined, 60);
  }

  /** Waits until it answers, and makes an image of a shell. */
  async ready(image: string): Promise<void> {
    await this.answers();
    execFileSync('sh', ['-euc', imageScript, 'sh', `unix://${this.socket}`, image], {
      env: { PATH: '/usr/bin:/bin' },
    });
  }

  /** The output of `docker inspect` for the only container that was made of this image; undefined if there is none. */
  container(image: string): Container | undefined {
    const [id] = this.docker('ps', '-aq', '--filter', `ancestor=${image}`).split('\n');
    return id === undefined || id === '' ? undefined : this.inspect(id);
  }

  /** The output of `docker inspect` for a container. */
  inspect(id: string): Container {
    return (JSON.parse(this.docker('inspect', id)) as [Container])[0];
  }

  /** Removes all containers. */
  empty(): void {
    const ids = this.docker('ps', '-aq').split('\n').filter(Boolean);
    if (ids.length > 0) this.docker('rm', '-f', ...ids);
  }

  /** Ends it with its containers, and removes its folder. */
  async close(): Promise<void> {
    this.empty();
    const ended = new Promise((resolve) => this.#process.once('exit', resolve));
    this.#process.kill('SIGTERM');
    await ended;
    // It leaves a network namespace mounted.
    execFileSync('sh', ['-c', 'umount "$1"/run/netns/* 2>/dev/null || :', 'sh', this.#folder]);
    rmSync(this.#folder, { recursive: true, force: true });
  }
}

export interface Container {
  readonly Id: string;
  readonly Name: string;
  readonly State: { readonly Status: string; readonly StartedAt: string; readonly Pid: number };
  readonly Config: { readonly Env: readonly string[] };
  readonly HostConfig: {
    readonly Memory: number;
    readonly CpuShares: number;
    readonly CpuQuota: number;
    readonly NetworkMode: string;
  };
}
