import { existsSync, readFileSync } from 'node:fs';
import { mkdir, mkdtemp, readFile, realpath, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Host } from '../host/host.ts';
import { endLeftovers } from '../host/leftovers.ts';
import { findRuns } from './runs.ts';

/** Where one bake works. Everything it makes lies here until it is promoted. */
export interface RunFolder {
  /** Absolute. */
  readonly path: string;
  /** Trees and disks; removed however the bake ends. */
  readonly work: string;
  /** Events, consoles, logs of programs; kept. */
  readonly logs: string;
  /** What will be promoted, one folder for each role. */
  readonly staged: string;
}

const runsFolder = (out: string): string => join(out, 'runs');
const keptRuns = 10;

/** When the process began, in clock ticks since the machine did (proc(5), field 22 of stat): its id alone may be used again. */
function startOf(pid: number): string | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19];
  } catch {
    return undefined;
  }
}

/** What is known of the process that a run belongs to. */
async function ownerOf(run: string): Promise<'lives' | 'gone' | 'none'> {
  const owner = await readFile(join(run, 'owner'), 'utf8').catch(() => undefined);
  if (owner === undefined) return 'none';
  const [pid, start] = owner.trim().split(' ');
  return start !== undefined && startOf(Number(pid)) === start ? 'lives' : 'gone';
}

/** Where something is mounted, in the order of mounting; spaces and the like are octal there (proc(5), mountinfo). */
function mountPoints(): string[] {
  const unescaped = (text: string) =>
    text.replace(/\\([0-7]{3})/g, (_, octal: string) => String.fromCharCode(Number.parseInt(octal, 8)));
  return readFileSync('/proc/self/mountinfo', 'utf8')
    .split('\n')
    .map((line) => unescaped(line.split(' ')[4] ?? ''));
}

/** Removes a folder of trees, after whatever a killed run left mounted below it. */
async function removeTrees(host: Host, folder: string): Promise<void> {
  if (!existsSync(folder)) return;
  const real = await realpath(folder);
  for (const point of mountPoints()
    .filter((path) => path.startsWith(`${real}/`))
    .reverse())
    await host.run('umount', ['--lazy', point]);
  await rm(folder, { recursive: true, force: true });
}

/**
 * Ends the processes and removes the trees of bakes that were killed; keeps their logs, and of old logs only the newest runs. What no run
 * made is left alone.
 * @returns a line for each folder that is left alone
 */
export async function cleanUpRuns(host: Host, out: string): Promise<readonly string[]> {
  const { runs, left } = await findRuns(runsFolder(out));
  for (const [index, run] of runs.entries()) {
    const owner = await ownerOf(run);
    if (owner === 'lives') continue;
    // Without an owner a run is closed, or begins just now: it has no trees that are nobody's.
    if (owner === 'gone') {
      await endLeftovers({ folder: run, temporary: join(run, 'logs', 'tmp'), work: join(run, 'work') });
      await removeTrees(host, join(run, 'work'));
      await removeTrees(host, join(run, 'staged'));
    }
    if (index < runs.length - keptRuns) await rm(run, { recursive: true, force: true });
  }
  return left;
}

/**
 * Cleans up after killed runs and makes a new run folder below the output store.
 * @param out absolute path of the store
 * @param onNote told of each folder there that is no run's, and left alone
 */
export async function openRunFolder(
  host: Host,
  out: string,
  onNote: (line: string) => void = () => undefined,
): Promise<RunFolder> {
  await mkdir(runsFolder(out), { recursive: true });
  (await cleanUpRuns(host, out)).forEach(onNote);
  const stamp = new Date(host.now()).toISOString().replace(/[-:]|\.\d+/g, '');
  const path = await mkdtemp(join(runsFolder(out), `${stamp}-`));
  const run = { path, work: join(path, 'work'), logs: join(path, 'logs'), staged: join(path, 'staged') };
  await writeFile(join(path, 'owner'), `${process.pid} ${startOf(process.pid) ?? ''}\n`);
  for (const folder of [run.work, run.logs, run.staged]) await mkdir(folder);
  return run;
}

/** Removes all of a run but its logs. */
export async function closeRunFolder(host: Host, run: RunFolder): Promise<void> {
  await removeTrees(host, run.work);
  await removeTrees(host, run.staged);
  await rm(join(run.path, 'owner'), { force: true });
}
