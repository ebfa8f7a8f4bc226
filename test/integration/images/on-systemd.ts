import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { eventually } from '../stand-ins/eventually.ts';

/** A real systemd as process 1 of its own namespaces, which runs only these units. */
export class OwnSystemd {
  readonly #folder = mkdtempSync(join(tmpdir(), 'ingot-systemd-'));
  readonly #process: ChildProcess;
  #pid = 0;

  /** @param units file name of a unit -> its text; all of them are started */
  constructor(units: Readonly<Record<string, string>>) {
    const folder = join(this.#folder, 'units');
    mkdirSync(folder);
    for (const [name, text] of Object.entries(units))
      writeFileSync(join(folder, name), `[Unit]\nDefaultDependencies=no\n${text}`);
    const target = `[Unit]\nDefaultDependencies=no\nWants=${Object.keys(units).join(' ')}\n`;
    writeFileSync(join(folder, 'default.target'), target);
    const script = [
      'mount -t tmpfs none /run && cp -r "$1" /run/units',
      'umount -R -l /sys/fs/cgroup && mount -t cgroup2 none /sys/fs/cgroup',
      'mount -t proc proc /proc',
      'exec env -i PATH=/usr/bin:/bin container=test SYSTEMD_UNIT_PATH=/run/units SYSTEMD_LOG_TARGET=null \\',
      '  /usr/lib/systemd/systemd --system --unit=default.target',
    ].join('\n');
    const namespaces = ['--pid', '--mount', '--uts', '--ipc', '--cgroup', '--kill-child'];
    this.#process = spawn('unshare', [...namespaces, 'sh', '-euc', script, 'sh', folder], {
      stdio: 'ignore',
    });
  }

  /** Waits until it answers. */
  async started(): Promise<void> {
    await eventually('systemd answers', () => {
      const children = `/proc/${this.#process.pid}/task/${this.#process.pid}/children`;
      this.#pid = Number(readFileSync(children, 'utf8').trim());
      return this.run('systemctl', ['show', '--property=Version']).status === 0 ? true : undefined;
    });
  }

  /** Runs a program among its processes. */
  run(program: string, args: readonly string[], env: Readonly<Record<string, string>> = {}) {
    const { status, stdout, stderr } = spawnSync(
      'nsenter',
      [`--target=${this.#pid}`, '--mount', '--pid', program, ...args],
      { encoding: 'utf8', env: { PATH: '/usr/bin:/bin', ...env } },
    );
    return { status, said: `${stdout}${stderr}`.trim() };
  }

  /** Ends it with all its processes. */
  async close(): Promise<void> {
    const ended = new Promise((resolve) => this.#process.once('exit', resolve));
    this.#process.kill('SIGKILL');
    await ended;
    rmSync(this.#folder, { recursive: true });
  }
}
