import { readFile, realpath } from 'node:fs/promises';
import { IngotError } from './ingot-error.ts';

/** A mount of /proc/self/mountinfo (proc(5)). */
export interface Mount {
  readonly point: string;
  /** Options of the mount itself and of its file system. */
  readonly options: readonly string[];
}

/** Blanks, tabs, line ends and backslashes of a path are octal there. */
function unescaped(path: string): string {
  const bytes = path.replace(/\\([0-7]{3})/g, (_, octal: string) =>
    String.fromCharCode(Number.parseInt(octal, 8)),
  );
  return bytes;
}

/** Reads the text of mountinfo: the fifth and sixth words of a line, and the last, which is the file system's own. */
export function parseMountinfo(text: string): Mount[] {
  return text.split('\n').flatMap((line) => {
    const words = line.split(' ');
    const [point, own, file] = [words[4], words[5], words.at(-1)];
    if (point === undefined || own === undefined || file === undefined) return [];
    return [{ point: unescaped(point), options: [...own.split(','), ...file.split(',')] }];
  });
}

/** The mount that a path is on: the longest of those above it, and of two at one place the later, which hides the other. */
export function mountOf(mounts: readonly Mount[], path: string): Mount | undefined {
  const above = mounts.filter(({ point }) => point === '/' || path === point || path.startsWith(`${point}/`));
  return above.reduce<Mount | undefined>(
    (best, one) => (best === undefined || one.point.length >= best.point.length ? one : best),
    undefined,
  );
}

/** What a file system must let do where trees are composed, and what each option would prevent. */
const needed = {
  nodev: 'a tree has device nodes',
  noexec: 'the programs of the packages run in their tree',
  ro: 'trees are written there',
} as const;

/**
 * Looks whether trees can be composed in a folder. nosuid does no harm: modes are stored, and no program of a tree needs more rights than
 * those that it is started with.
 * @param folder absolute, there already
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
