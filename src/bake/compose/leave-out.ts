import { existsSync, lstatSync } from 'node:fs';
import { readdir, readFile, rm, rmdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { canonicalNodePath } from '../../inputs/plan/canonical-path.ts';
import { pathGlob } from '../../inputs/plan/path-glob.ts';
import type { LeftOut } from '../../inputs/plan/plan.ts';
import { type SpecFault, SpecFaults } from '../../inputs/yaml/spec-faults.ts';
import { recordChanges } from './record-changes.ts';

/** A reason why a path of the tree has to stay, as it continues "it would take away PATH, "; undefined where it may go. */
export type Needed = (path: string) => string | undefined;

export interface LeaveOut {
  /** Absolute; it has the packages and nothing else yet, so nothing that images/ or the spec put there can be taken away. */
  readonly tree: string;
  readonly role: string;
  readonly leaveOut: readonly LeftOut[];
  readonly needed: Needed;
  readonly say?: (line: string) => void;
}

interface Entry {
  readonly path: string;
  readonly isFolder: boolean;
}

/** Everything below a tree, no link followed. */
async function entriesOf(tree: string): Promise<Entry[]> {
  const entries = await readdir(tree, { recursive: true, withFileTypes: true });
  return entries.map((entry) => ({
    path: join(entry.parentPath, entry.name).slice(tree.length),
    isFolder: entry.isDirectory(),
  }));
}

/** Programs that units start with Exec…= (systemd.service(5)), for a unit of the tree by its name. */
export async function startedBy(tree: string, units: readonly string[]): Promise<Map<string, string>> {
  const found = new Map<string, string>();
  for (const unit of units)
    for (const folder of ['usr/lib/systemd/system', 'lib/systemd/system', 'etc/systemd/system']) {
      const text = await readFile(join(tree, folder, unit), 'utf8').catch(() => '');
      for (const [, program = ''] of text.matchAll(/^Exec\w+=[-@:+!]*(\/\S+)/gm))
        found.set(canonicalNodePath(program), unit);
    }
  return found;
}

const bytesOf = (place: string): number => {
  const found = lstatSync(place);
  return found.isFile() ? found.size : 0;
};

/** The size as people read it. */
function size(bytes: number): string {
  return bytes < 1024 ** 2 ? `${Math.ceil(bytes / 1024)} KiB` : `${(bytes / 1024 ** 2).toFixed(1)} MiB`;
}

/** The folder and those above it that have nothing in them any more. */
async function removeEmptied(tree: string, folders: ReadonlySet<string>): Promise<void> {
  for (const folder of [...folders].sort((a, b) => b.length - a.length)) {
    for (let place = folder; place !== '/'; place = dirname(place)) {
      // One below it may have taken it along.
      if (!existsSync(join(tree, place))) continue;
      if ((await readdir(join(tree, place))).length > 0) break;
      await rmdir(join(tree, place));
    }
  }
}

/**
 * Removes from a tree of packages what the spec leaves out, and notes it there with the reason.
 * @throws SpecFaults, before anything is removed, for each entry that matches nothing, or would take away what a node needs
 */
export async function leaveOut({ tree, role, leaveOut: wanted, needed, say }: LeaveOut): Promise<void> {
  if (wanted.length === 0) return;
  const entries = await entriesOf(tree);
  const faults: SpecFault[] = [];
  const found = wanted.map((one) => {
    const matches = pathGlob(canonicalNodePath(one.path));
    const files = entries.filter(({ path, isFolder }) => !isFolder && matches(path));
    const fault = faultOf(one, {
      ...{ role, files, needed },
      isFolder: entries.some(({ path, isFolder }) => isFolder && matches(path)),
    });
    if (fault !== undefined) faults.push({ path: [...one.at, 'path'], ...fault });
    return { one, files };
  });
  if (faults.length > 0) throw new SpecFaults(faults);
  const lines: string[] = [];
  const gone = new Set<string>();
  const folders = new Set<string>();
  for (const { one, files } of found) {
    let bytes = 0;
    const left = files.filter(({ path }) => !gone.has(path));
    for (const { path } of left) {
      bytes += bytesOf(join(tree, path));
      await rm(join(tree, path));
      gone.add(path);
      folders.add(dirname(path));
    }
    const count = left.length === 1 ? '1 file' : `${left.length} files`;
    lines.push(`${one.path} is left out (${count}, ${size(bytes)}): ${one.why}`);
  }
  await removeEmptied(tree, folders);
  await recordChanges(tree, lines, say);
}

/** What was left out, by the text of an image's /usr/lib/ingot/changes. */
export function leftOutLines(changes: string): string[] {
  return changes.split('\n').filter((line) => /^\/\S.* is left out \(\d+ files?, /.test(line));
}

interface Matched {
  readonly role: string;
  /** Those that the pattern matches. */
  readonly files: readonly Entry[];
  /** Whether it matches a folder. */
  readonly isFolder: boolean;
  readonly needed: Needed;
}

function faultOf(
  one: LeftOut,
  { role, files, isFolder, needed }: Matched,
): Omit<SpecFault, 'path'> | undefined {
  if (files.length === 0)
    return {
      message: `${one.path}: no package of the ${role} has such a file${isFolder ? ', only a folder' : ''}`,
      right: isFolder
        ? `${one.path}/** for what is in it`
        : 'a path of the packages; what only one role has stands under master: or slave:',
    };
  for (const { path } of files) {
    const why = needed(path);
    if (why !== undefined)
      return {
        message: `${one.path}: it would take away ${path}, ${why}`,
        right: 'a pattern that leaves it there',
      };
  }
  return undefined;
}
