import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { isOwnFolder } from '../host/own-folder.ts';

/** As openRunFolder names them: the time, and six characters of mkdtemp(3). */
const runName = /^\d{8}T\d{6}Z-[A-Za-z0-9]{6}$/;
const partsOfRun = ['logs', 'owner', 'staged', 'work'];
const foldersOfRun = ['logs', 'staged', 'work'];

/** What is in the folder of runs. */
export interface FoundRuns {
  /** Absolute folders of runs, the oldest first. */
  readonly runs: readonly string[];
  /** Why each of the other folders and links is left alone. */
  readonly left: readonly string[];
}

/** Why a folder is not one that a run made; undefined if it is. */
async function whyForeign(path: string, name: string): Promise<string | undefined> {
  if (!runName.test(name)) return 'it has not the name of a run';
  if (!(await isOwnFolder(path))) return 'it is a link, or belongs to somebody else';
  const parts = await readdir(path);
  const other = parts.filter((part) => !partsOfRun.includes(part));
  if (other.length > 0) return `it holds ${other.sort().join(', ')}, which no run made`;
  if (!parts.includes('logs')) return 'it has no logs, as every run has';
  for (const part of foldersOfRun.filter((one) => parts.includes(one)))
    if (!(await isOwnFolder(join(path, part)))) return `its ${part} is no folder of its own`;
  return undefined;
}

/**
 * Tells the folders that runs made, by their name, owner and content, from those that others put there; files are what is remembered
 * for this host, and not looked at.
 * @param folder absolute
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
