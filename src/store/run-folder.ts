import { existsSync, readFileSync } from 'node:fs';
import { mkdir, mkdtemp, readFile, realpath, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Host } from '../host/host.ts';
import { endLeftovers } from '../host/leftovers.ts';
import { processStart } from '../host/process-start.ts';
import { findRuns } from './runs.ts';

/** The working folder of one bake. It holds everything that the bake creates until the images are promoted. */
export interface RunFolder {
  /** Absolute. */
  readonly path: string;
  /** Trees and disks; always removed when the bake ends. */
  readonly work: string;
  /** Events, consoles, and logs of programs; kept. */
  readonly logs: string;
  /** The versions to promote, one folder for each role. */
  readonly staged: string;
}

const runsFolder = (out: string): string => join(out, 'runs');
const keptRuns = 10;

/** The state of the process that a run belongs to; "none" if the run has no owner file. */
async function ownerOf(run: string): Promise<'lives' | 'gone' | 'none'> {
  const owner = await readFile(join(run, 'owner'), 'utf8').catch(() => undefined);
  if (owner === undefined) return 'none';
  const [pid, start] = owner.trim().split(' ');
  return start !== undefined && processStart(Number(pid)) === start ? 'lives' : 'gone';
}

const runAt = (path: string): RunFolder => ({
  path,
  work: join(path, 'work'),
  logs: join(path, 'logs'),
  staged: join(path, 'staged'),
});

/** Whether the process that made a run folder still runs. */
export async function isRunning({ path }: RunFolder): Promise<boolean> {
  return (await ownerOf(path)) === 'lives';
}

/**
 * The runs of a store whose processes still run, oldest first.
 * @param out absolute path of the store; it need not exist
 */
export async function runningRuns(out: string): Promise<RunFolder[]> {
  if (!existsSync(runsFolder(out))) return [];
  const { runs } = await findRuns(runsFolder(out));
  const lives = await Promise.all(runs.map((path) => isRunning(runAt(path))));
  return runs.filter((_, index) => lives[index]).map(runAt);
}

/**
 * All mount points, in the order of mounting. The file has octal escapes for spaces and similar characters (proc(5),
 * mountinfo).
 */
function mountPoints(): string[] {
  const unescaped = (text: string) =>
    text.replace(/\\([0-7]{3})/g, (_, octal: string) => String.fromCharCode(Number.parseInt(octal, 8)));
  return readFileSync('/proc/self/mountinfo', 'utf8')
    .split('\n')
    .map((line) => unescaped(line.split(' ')[4] ?? ''));
}

/** Removes a folder of trees, after unmounting what a killed run left mounted below it. */
async function removeTrees(host: Host, folder: string): Promise<void> {
  if (!existsSync(folder)) return;
  const real = await realpath(folder);
  for (const point of mountPoints()
    .filter((path) => path.startsWith(`${real}/`))
    .reverse())
    await host.run('umount', ['--lazy', point]);
  await rm(folder, { recursive: true, force: true });
}

/** What the runs of a store are. */
export interface RunStates {
  /** Absolute folders of runs whose bake was killed and left its trees. */
  readonly abandoned: readonly string[];
  /** Absolute folders of runs whose bake is running. */
  readonly living: readonly string[];
  /** Why each folder that is not a run's would be left alone. */
  readonly left: readonly string[];
}

/**
 * Looks at the runs of a store and changes nothing.
 * @param out absolute path of the store; it may not exist
 */
export async function runStates(out: string): Promise<RunStates> {
  if (!existsSync(runsFolder(out))) return { abandoned: [], living: [], left: [] };
  const { runs, left } = await findRuns(runsFolder(out));
  const owners = await Promise.all(runs.map(async (run) => ({ run, owner: await ownerOf(run) })));
  const those = (wanted: string) => owners.filter(({ owner }) => owner === wanted).map(({ run }) => run);
  // Cleaning up keeps the owner file next to the logs.
  const abandoned = those('gone').filter((run) =>
    ['work', 'staged'].some((part) => existsSync(join(run, part))),
  );
  return { abandoned, living: those('lives'), left };
}

/**
 * Ends the leftover processes and removes the trees of bakes that were killed. Their logs are kept, but only those of
 * the newest runs. Anything that is not from a run is left alone.
 * @returns a line for each folder that is left alone
 */
export async function cleanUpRuns(host: Host, out: string): Promise<readonly string[]> {
  const { runs, left } = await findRuns(runsFolder(out));
  for (const [index, run] of runs.entries()) {
    const owner = await ownerOf(run);
    if (owner === 'lives') continue;
    // A run without an owner is either closed or just starting, so it has no abandoned trees.
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
 * Cleans up after killed runs and creates a new run folder in the output store.
 * @param out absolute path of the store
 * @param onNote gets a line for each folder in out/runs that is not a run's and is left alone
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
  const run = runAt(path);
  await writeFile(join(path, 'owner'), `${process.pid} ${processStart(process.pid) ?? ''}\n`);
  for (const folder of [run.work, run.logs, run.staged]) await mkdir(folder);
  return run;
}

/** Removes everything of a run except its logs. */
export async function closeRunFolder(host: Host, run: RunFolder): Promise<void> {
  await removeTrees(host, run.work);
  await removeTrees(host, run.staged);
  await rm(join(run.path, 'owner'), { force: true });
}
