import { type BigIntStats, lstatSync, statSync } from 'node:fs';

const exact = { bigint: true, throwIfNoEntry: false } as const;

const textOf = ({ mode, ino, size, mtimeNs, ctimeNs }: BigIntStats): string =>
  `${mode.toString(8)} ${ino} ${size} ${mtimeNs} ${ctimeNs}`;

/**
 * What the file system reports about a path: mode, inode, size, time of the content and time of the last change, in
 * nanoseconds; for a link also those of its target. "missing" if nothing is there.
 * @throws a system error if the path may not be read
 */
export function statText(path: string): string {
  const found = lstatSync(path, exact);
  if (found === undefined) return 'missing';
  if (!found.isSymbolicLink()) return textOf(found);
  const target = statSync(path, exact);
  return `${textOf(found)} -> ${target === undefined ? 'missing' : textOf(target)}`;
}

/**
 * A file that changed this shortly before it was looked at may have changed again since, within one tick of the file
 * system's clock; git's index has the same rule. Milliseconds.
 */
export const racyMs = 2000;

/** The later of the two times of a path and, for a link, of its target, in milliseconds since 1970; 0 if missing. */
export function lastChangeMs(path: string): number {
  const found = [lstatSync(path, { throwIfNoEntry: false }), statSync(path, { throwIfNoEntry: false })];
  return Math.max(0, ...found.flatMap((one) => (one === undefined ? [] : [one.mtimeMs, one.ctimeMs])));
}
