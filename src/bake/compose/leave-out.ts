import { existsSync, lstatSync } from 'node:fs';
import { readdir, readFile, rm, rmdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { canonicalNodePath } from '../../inputs/plan/canonical-path.ts';
import { pathGlob } from '../../inputs/plan/path-glob.ts';
import type { LeftOut } from '../../inputs/plan/plan.ts';
import { type SpecFault, SpecFaults } from '../../inputs/yaml/spec-faults.ts';
import { recordChanges } from './record-changes.ts';

/**
 * Why a path of the tree must stay, as the continuation of "it would remove PATH, "; undefined if it may be removed.
 */
export type KeepReason = (path: string) => string | undefined;

export interface LeaveOut {
  /** Absolute; it has only packages so far, so nothing from images/ or the spec can be removed. */
  readonly tree: string;
  readonly role: string;
  readonly leaveOut: readonly LeftOut[];
  readonly needed: KeepReason;
  readonly say?: (line: string) => void;
}

interface Entry {
  readonly path: string;
  readonly isFolder: boolean;
}

/** Everything below a tree; links are not followed. */
async function entriesOf(tree: string): Promise<Entry[]> {
  const entries = await readdir(tree, { recursive: true, withFileTypes: true });
  return entries.map((entry) => ({
    path: join(entry.parentPath, entry.name).slice(tree.length),
    isFolder: entry.isDirectory(),
  }));
}

/** Programs that units of the tree start with Exec…= (systemd.service(5)): path → name of the unit. */
export async function unitPrograms(tree: string, units: readonly string[]): Promise<Map<string, string>> {
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

/** Formats a size for people. */
function size(bytes: number): string {
  return bytes < 1024 ** 2 ? `${Math.ceil(bytes / 1024)} KiB` : `${(bytes / 1024 ** 2).toFixed(1)} MiB`;
}

/** Removes each folder that is now empty, and its parents that become empty. */
async function removeEmptied(tree: string, folders: ReadonlySet<string>): Promise<void> {
  for (const folder of [...folders].sort((a, b) => b.length - a.length)) {
    for (let place = folder; place !== '/'; place = dirname(place)) {
      // It may already have been removed together with a folder below it.
      if (!existsSync(join(tree, place))) continue;
      if ((await readdir(join(tree, place))).length > 0) break;
      await rmdir(join(tree, place));
    }
  }
}

/**
 * Removes from a tree of packages what the spec leaves out, and records each removal and its reason there.
 * @throws SpecFaults, before anything is removed, for each entry that matches nothing or would remove what a node needs
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
  const removed = new Set<string>();
  const folders = new Set<string>();
  for (const { one, files } of found) {
    let bytes = 0;
    const left = files.filter(({ path }) => !removed.has(path));
    for (const { path } of left) {
      bytes += bytesOf(join(tree, path));
      await rm(join(tree, path));
      removed.add(path);
      folders.add(dirname(path));
    }
    const count = left.length === 1 ? '1 file' : `${left.length} files`;
    lines.push(`${one.path} is left out (${count}, ${size(bytes)}): ${one.why}`);
  }
  await removeEmptied(tree, folders);
  await recordChanges(tree, lines, say);
}

/** The lines about left-out files in the text of an image's /usr/lib/ingot/changes. */
export function leftOutLines(changes: string): string[] {
  return changes.split('\n').filter((line) => /^\/\S.* is left out \(\d+ files?, /.test(line));
}

interface Matched {
  readonly role: string;
  /** The files that the pattern matches. */
  readonly files: readonly Entry[];
  /** Whether the pattern matches a folder. */
  readonly isFolder: boolean;
  readonly needed: KeepReason;
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
        : 'a path of the packages; a path that only one role has belongs under master: or slave:',
    };
  for (const { path } of files) {
    const why = needed(path);
    if (why !== undefined)
      return {
        message: `${one.path}: it would remove ${path}, ${why}`,
        right: 'a pattern that does not match it',
      };
  }
  return undefined;
}
