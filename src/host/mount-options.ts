import { readFile, realpath } from 'node:fs/promises';
import { IngotError } from './ingot-error.ts';

/** A mount of /proc/self/mountinfo (proc(5)). */
export interface Mount {
  readonly point: string;
  /** Options of the mount itself and of its file system. */
  readonly options: readonly string[];
}

/** Decodes the octal escapes of blanks, tabs, line ends and backslashes in a path of mountinfo. */
function unescaped(path: string): string {
  const bytes = path.replace(/\\([0-7]{3})/g, (_, octal: string) =>
    String.fromCharCode(Number.parseInt(octal, 8)),
  );
  return bytes;
}

/**
 * Parses the text of mountinfo: the fifth and sixth words of each line, and the last word, which holds the file
 * system's own options.
 */
export function parseMountinfo(text: string): Mount[] {
  return text.split('\n').flatMap((line) => {
    const words = line.split(' ');
    const [point, own, file] = [words[4], words[5], words.at(-1)];
    if (point === undefined || own === undefined || file === undefined) return [];
    return [{ point: unescaped(point), options: [...own.split(','), ...file.split(',')] }];
  });
}

/**
 * The mount that a path is on: the longest mount point above it. Of two mounts at one place the later one counts,
 * because it hides the other.
 */
export function mountOf(mounts: readonly Mount[], path: string): Mount | undefined {
  const above = mounts.filter(({ point }) => point === '/' || path === point || path.startsWith(`${point}/`));
  return above.reduce<Mount | undefined>(
    (best, one) => (best === undefined || one.point.length >= best.point.length ? one : best),
    undefined,
  );
}

/** The mount options under which trees cannot be composed, and why. */
const needed = {
  nodev: 'a tree has device nodes',
  noexec: 'the programs of the packages run in their tree',
  ro: 'trees are written there',
} as const;

/**
 * Checks that trees can be composed in a folder. nosuid does no harm: file modes are stored, and no program of a tree
 * needs more rights than it is started with.
 * @param folder absolute; must exist
 * @throws IngotError unusable-folder that names the mount point and the options
 */
export async function requireComposableMount(folder: string): Promise<void> {
  const mounts = parseMountinfo(await readFile('/proc/self/mountinfo', 'utf8'));
  const mount = mountOf(mounts, await realpath(folder));
  const wrong = (Object.keys(needed) as (keyof typeof needed)[]).filter((option) =>
    mount?.options.includes(option),
  );
  if (mount === undefined || wrong.length === 0) return;
  throw new IngotError({
    code: 'unusable-folder',
    message: `${folder} is on ${mount.point}, which is mounted ${wrong.join(' and ')}: ${wrong.map((option) => needed[option]).join(', ')}`,
    hint: `name a folder on another file system with --out FOLDER, or as root: mount -o remount,${wrong.map((option) => ({ nodev: 'dev', noexec: 'exec', ro: 'rw' })[option]).join(',')} '${mount.point.replaceAll("'", `'\\''`)}'`,
  });
}
