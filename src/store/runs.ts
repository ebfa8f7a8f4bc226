import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { isOwnFolder } from '../host/own-folder.ts';

/** The name that openRunFolder gives: the time, and six characters of mkdtemp(3). */
const runName = /^\d{8}T\d{6}Z-[A-Za-z0-9]{6}$/;
const partsOfRun = ['logs', 'owner', 'staged', 'work'];
const foldersOfRun = ['logs', 'staged', 'work'];

/** The content of the folder of runs. */
export interface FoundRuns {
  /** Absolute folders of runs, oldest first. */
  readonly runs: readonly string[];
  /** Why each of the other folders and links is left alone. */
  readonly left: readonly string[];
}

/** Why a folder was not created by a run; undefined if it was. */
async function whyForeign(path: string, name: string): Promise<string | undefined> {
  if (!runName.test(name)) return 'its name is not that of a run';
  if (!(await isOwnFolder(path))) return 'it is a link, or belongs to somebody else';
  const parts = await readdir(path);
  const other = parts.filter((part) => !partsOfRun.includes(part));
  if (other.length > 0) return `it holds ${other.sort().join(', ')}, which no run made`;
  if (!parts.includes('logs')) return 'it has no logs, as every run has';
  for (const part of foldersOfRun.filter((one) => parts.includes(one)))
    if (!(await isOwnFolder(join(path, part)))) return `its ${part} is a link, or belongs to somebody else`;
  return undefined;
}

/**
 * Separates the folders that runs created, by their name, owner and content, from those that others put there. Files
 * are ignored: they hold what ingot remembers about this host.
 * @param folder absolute path
 */
export async function findRuns(folder: string): Promise<FoundRuns> {
  const runs: string[] = [];
  const left: string[] = [];
  const entries = await readdir(folder, { withFileTypes: true });
  for (const entry of entries.toSorted((a, b) => (a.name < b.name ? -1 : 1))) {
    if (!entry.isDirectory() && !entry.isSymbolicLink()) continue;
    const path = join(folder, entry.name);
    const why = await whyForeign(path, entry.name);
    if (why === undefined) runs.push(path);
    else left.push(`${path} is left alone: ${why}`);
  }
  return { runs, left };
}
