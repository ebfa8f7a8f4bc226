import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const common = fileURLToPath(new URL('../../../images/common/rootfs', import.meta.url));

export interface Ran {
  readonly exitCode: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** A folder that a program of the node takes for its root, removed when it goes out of use. */
export class NodeTree {
  readonly folder = mkdtempSync(join(tmpdir(), 'ingot-node-'));

  write(path: string, content: string): void {
    mkdirSync(dirname(join(this.folder, path)), { recursive: true });
    writeFileSync(join(this.folder, path), content);
  }

  read(path: string): string {
    return readFileSync(join(this.folder, path), 'utf8');
  }

  /** Path -> content and time of every file: equal only if nothing was written in between. */
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

  /** Runs a Python program of images/common/rootfs with Debian's Python, as the node does, but on this folder. */
  run(program: string, ...args: string[]): Ran {
    const done = spawnSync(
      '/usr/bin/python3',
      ['-sEB', join(common, program), `--root=${this.folder}`, ...args],
      {
        encoding: 'utf8',
      },
    );
    return { exitCode: done.status, stdout: done.stdout, stderr: done.stderr };
  }

  remove(): void {
    rmSync(this.folder, { recursive: true });
  }
}
