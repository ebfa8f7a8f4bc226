import { readdir, readFile, readlink } from 'node:fs/promises';
import { setTimeout as wait } from 'node:timers/promises';

const pollMs = 50;
const mostMs = 1500;

/** One of the \0-separated lists of proc(5); empty for a process that has ended meanwhile. */
async function procList(pid: number, name: 'cmdline' | 'environ'): Promise<string[]> {
  const text = await readFile(`/proc/${pid}/${name}`, 'utf8').catch(() => '');
  return text.split('\0');
}

/** A program that makes the run's trees: one that names them, or whose root is one of them; never one that a person sits in front of. */
async function worksIn(pid: number, work: string, words: readonly string[], environment: readonly string[]) {
  if (environment.some((variable) => variable.startsWith('TERM='))) return false;
  const root = await readlink(`/proc/${pid}/root`).catch(() => '');
  return [...words, ...environment, root].some((text) => text.includes(`${work}/`));
}

/** QEMU with a file of the run, anything that inherited the run's own TMPDIR from Packer, and what makes its trees. */
async function belongsTo(pid: number, run: Run): Promise<boolean> {
  const words = await procList(pid, 'cmdline');
  const [program = '', ...args] = words;
  if (/(^|\/)qemu-system-[^/]*$/.test(program) && args.some((arg) => arg.includes(`${run.folder}/`)))
    return true;
  const environment = await procList(pid, 'environ');
  if (environment.includes(`TMPDIR=${run.temporary}`)) return true;
  return run.work !== undefined && (await worksIn(pid, run.work, words, environment));
}

/** What tells a run's processes from all others. */
export interface Run {
  /** Absolute. */
  readonly folder: string;
  /** The TMPDIR that Packer was given. */
  readonly temporary: string;
  /** Absolute; where the trees are, for a search after a run that was killed. */
  readonly work?: string;
}

/** The ids of all processes of a run that live, whatever process group they have made for themselves. */
export async function processesOf(run: Run): Promise<number[]> {
  const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name)).map(Number);
  const others = pids.filter((pid) => pid !== process.pid);
  const checked = await Promise.all(others.map(async (pid) => ({ pid, belongs: await belongsTo(pid, run) })));
  return checked.flatMap(({ pid, belongs }) => (belongs ? [pid] : []));
}

/**
 * Kills what is left of a run after its process group has ended, and waits until it is gone.
 * @returns how many processes there were
 */
export async function endLeftovers(run: Run): Promise<number> {
  const ended = new Set<number>();
  for (let waited = 0; waited < mostMs; waited += pollMs) {
    const left = await processesOf(run);
    if (left.length === 0) break;
    for (const pid of left) {
      ended.add(pid);
      try {
        process.kill(pid, 'SIGKILL');
      } catch {
        // it has ended by itself
      }
    }
    await wait(pollMs);
  }
  return ended.size;
}
