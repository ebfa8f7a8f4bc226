import { spawn } from 'node:child_process';
import type { Readable } from 'node:stream';

/** How a program ended: with an exit code, by a signal, or not at all begun, for a cause. */
export interface GroupEnd {
  readonly exitCode?: number;
  readonly signal?: string;
  readonly cause?: Error;
}

/** A program in a process group of its own. */
export interface Group {
  /** undefined when it could not be started. */
  readonly pid: number | undefined;
  readonly stdout: Readable;
  readonly stderr: Readable;
  /** Settles when the program itself has ended, never rejects; its output may still be open. */
  readonly ended: Promise<GroupEnd>;
}

export interface GroupOptions {
  readonly cwd: string | undefined;
  /** The whole environment. */
  readonly env: Readonly<Record<string, string>>;
  /** What it reads; nothing if it is undefined. */
  readonly input: string | undefined;
}

/** Starts a program in a process group of its own (setsid(2)). */
export function spawnGroup(program: string, args: readonly string[], options: GroupOptions): Group {
  const child = spawn(program, args, {
    detached: true,
    env: options.env,
    cwd: options.cwd,
    stdio: [options.input === undefined ? 'ignore' : 'pipe', 'pipe', 'pipe'],
  });
  const { stdin, stdout, stderr } = child;
  if (stdout === null || stderr === null) throw new Error('a child without output');
  const ended = new Promise<GroupEnd>((resolve) => {
    child.once('error', (cause) => {
      // It also tells of a signal that could not be sent; such a child ends by itself.
      if (child.pid === undefined) resolve({ cause });
    });
    child.once('exit', (exitCode, signal) => {
      resolve({ ...(exitCode === null ? {} : { exitCode }), ...(signal === null ? {} : { signal }) });
    });
  });
  // A program may end without having read all.
  stdin?.on('error', () => undefined);
  stdin?.end(options.input);
  return { pid: child.pid, stdout, stderr, ended };
}
