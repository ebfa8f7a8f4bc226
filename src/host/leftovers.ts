import { readdir, readFile, readlink } from 'node:fs/promises';
import { setTimeout as wait } from 'node:timers/promises';

const pollMs = 50;
const maxMs = 1500;

/** A \0-separated list of proc(5); empty if the process has ended meanwhile. */
async function procList(pid: number, name: 'cmdline' | 'environ'): Promise<string[]> {
  const text = await readFile(`/proc/${pid}/${name}`, 'utf8').catch(() => '');
  return text.split('\0');
}

/**
 * Whether a program works on the run's trees: it names one of them, or its root is one of them. A program with a
 * terminal (TERM) never counts, because a person may be using it.
 */
async function worksIn(pid: number, work: string, words: readonly string[], environment: readonly string[]) {
  if (environment.some((variable) => variable.startsWith('TERM='))) return false;
  const root = await readlink(`/proc/${pid}/root`).catch(() => '');
  return [...words, ...environment, root].some((text) => text.includes(`${work}/`));
}

/**
 * Whether a process belongs to the run: QEMU with a file of the run, a process that inherited the run's own TMPDIR from
 * Packer, or a program that works on the run's trees.
 */
async function belongsTo(pid: number, run: RunMarks): Promise<boolean> {
  const words = await procList(pid, 'cmdline');
  const [program = '', ...args] = words;
  if (/(^|\/)qemu-system-[^/]*$/.test(program) && args.some((arg) => arg.includes(`${run.folder}/`)))
    return true;
  const environment = await procList(pid, 'environ');
  if (environment.includes(`TMPDIR=${run.temporary}`)) return true;
  return run.work !== undefined && (await worksIn(pid, run.work, words, environment));
}

/** What distinguishes a run's processes from all others. */
export interface RunMarks {
  /** Absolute. */
  readonly folder: string;
  /** The TMPDIR that Packer got. */
  readonly temporary: string;
  /** Absolute path of the trees; set to search after a run that was killed. */
  readonly work?: string;
}

/** The ids of all live processes of a run, whatever process group they have made for themselves. */
export async function processesOf(run: RunMarks): Promise<number[]> {
  const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name)).map(Number);
  const others = pids.filter((pid) => pid !== process.pid);
  const checked = await Promise.all(others.map(async (pid) => ({ pid, belongs: await belongsTo(pid, run) })));
  return checked.flatMap(({ pid, belongs }) => (belongs ? [pid] : []));
}

/**
 * Kills the processes that are left of a run after its process group has ended, and waits until they are gone.
 * @returns the number of those processes
 */
export async function endLeftovers(run: RunMarks): Promise<number> {
  const ended = new Set<number>();
  for (let waited = 0; waited < maxMs; waited += pollMs) {
    const left = await processesOf(run);
    if (left.length === 0) break;
    for (const pid of left) {
      ended.add(pid);
      try {
        process.kill(pid, 'SIGKILL');
      } catch {
        // the process has already ended
      }
    }
    await wait(pollMs);
  }
  return ended.size;
}
