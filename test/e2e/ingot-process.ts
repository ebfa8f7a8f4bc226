import { type ChildProcess, spawn } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

export const project = join(import.meta.dirname, '..', '..');

export interface Ended {
  readonly exitCode: number | null;
  readonly stdout: string;
  readonly stderr: string;
  readonly seconds: number;
}

export interface IngotProcess {
  readonly child: ChildProcess;
  readonly ended: Promise<Ended>;
  /** Resolves when stderr shows a new line that contains the text; rejects if the process ends before that. */
  shows(text: string | RegExp): Promise<void>;
}

/** Starts the real program as a user would, without a terminal. */
export function startIngot(args: readonly string[], folder = project): IngotProcess {
  return startProgram(join(folder, 'bin', 'ingot'), args, { cwd: folder });
}

/** Starts a program that runs ingot, by default with our own environment. */
export function startProgram(
  program: string,
  args: readonly string[],
  options: { readonly cwd: string; readonly env?: NodeJS.ProcessEnv },
): IngotProcess {
  const begun = Date.now();
  const child = spawn(program, args, { ...options, stdio: ['ignore', 'pipe', 'pipe'] });
  const lines = { stdout: [] as string[], stderr: [] as string[] };
  const waiting: { text: string | RegExp; found: () => void }[] = [];
  for (const name of ['stdout', 'stderr'] as const) {
    createInterface({ input: child[name] }).on('line', (line) => {
      lines[name].push(line);
      if (name === 'stderr') {
        process.stderr.write(`    ${line}\n`);
        for (const { text, found } of waiting)
          if (typeof text === 'string' ? line.includes(text) : text.test(line)) found();
      }
    });
  }
  const ended = new Promise<Ended>((resolve) => {
    child.on('close', (exitCode) => {
      resolve({
        exitCode,
        stdout: lines.stdout.join('\n'),
        stderr: lines.stderr.join('\n'),
        seconds: (Date.now() - begun) / 1000,
      });
    });
  });
  const shows = (text: string | RegExp) =>
    new Promise<void>((resolve, reject) => {
      waiting.push({ text, found: resolve });
      void ended.then(({ stderr }) => {
        reject(new Error(`ended without showing ${String(text)}:\n${stderr}`));
      });
    });
  return { child, ended, shows };
}

/** Ids and command lines of processes that name the folder, except our own. */
export function processesNaming(folder: string): string[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name) && Number(name) !== process.pid)
    .map((name) => {
      try {
        return `${name} ${readFileSync(`/proc/${name}/cmdline`, 'utf8').replaceAll('\0', ' ')}`;
      } catch {
        return '';
      }
    })
    .filter((line) => line.includes(folder));
}
