import { spawnSync } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { nodePrograms } from './node-programs.ts';

const common = nodePrograms('common');

/** The programs of every node and those of a scheduler's layer, as in the image of a master. */
const withScheduler = (name: string): string => nodePrograms('common', `schedulers/${name}/master`);

export interface Ran {
  readonly exitCode: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** A folder that a program of the node uses as its root; remove() deletes it. */
export class NodeTree {
  readonly folder = mkdtempSync(join(tmpdir(), 'ingot-node-'));

  write(path: string, content: string): void {
    mkdirSync(dirname(join(this.folder, path)), { recursive: true });
    writeFileSync(join(this.folder, path), content);
  }

  /** Removes a file or folder, if it exists. */
  drop(path: string): void {
    rmSync(join(this.folder, path), { recursive: true, force: true });
  }

  read(path: string): string {
    return readFileSync(join(this.folder, path), 'utf8');
  }

  /** Path -> content and time of every file; equal only if nothing was written in between. */
  snapshot(): Record<string, string> {
    const entries = readdirSync(this.folder, { recursive: true, encoding: 'utf8' })
      .filter((path) => statSync(join(this.folder, path)).isFile())
      .sort()
      .map((path) => [`/${path}`, `${statSync(join(this.folder, path)).mtimeMs} ${this.read(path)}`]);
    return Object.fromEntries(entries) as Record<string, string>;
  }

  paths(): string[] {
    return Object.keys(this.snapshot());
  }

  /**
   * Runs a Python program of the image that release.json names with Debian's Python, as on a node, but on this folder.
   */
  run(program: string, ...args: string[]): Ran {
    return this.#python(this.#programs(), program, args);
  }

  /** Like run, with the programs of a master of this scheduler, independent of release.json. */
  runWith(scheduler: string, program: string, ...args: string[]): Ran {
    return this.#python(scheduler === 'none' ? common : withScheduler(scheduler), program, args);
  }

  #python(programs: string, program: string, args: readonly string[]): Ran {
    const done = spawnSync(
      '/usr/bin/python3',
      ['-sEB', join(programs, program), `--root=${this.folder}`, ...args],
      {
        encoding: 'utf8',
      },
    );
    return { exitCode: done.status, stdout: done.stdout, stderr: done.stderr };
  }

  #programs(): string {
    if (!existsSync(join(this.folder, 'usr/lib/ingot/release.json'))) return common;
    const { role, scheduler = 'none' } = JSON.parse(this.read('/usr/lib/ingot/release.json')) as Record<
      string,
      string
    >;
    return role === 'master' && scheduler !== 'none' ? withScheduler(scheduler) : common;
  }

  remove(): void {
    rmSync(this.folder, { recursive: true });
  }
}
