import type { ManifestEntry, PathType } from '../../version/manifest.ts';

const letters: Readonly<Record<PathType, string>> = {
  file: '-',
  directory: 'd',
  symlink: 'l',
  char: 'c',
  block: 'b',
  fifo: 'p',
  socket: 's',
};

/**
 * Formats a path as in the listing of a squashfs (unsquashfs(1), -lln, in UTC), with single blanks: what the manifest
 * promises about it.
 */
export function listingOf(entry: ManifestEntry): string {
  const { type, uid, gid, path, device, target } = entry;
  const size =
    device === undefined
      ? type === 'file'
        ? String(entry.size ?? 0)
        : '*'
      : `${device.major}, ${device.minor}`;
  const time = new Date(entry.mtime * 1000).toISOString().slice(0, 16).replace('T', ' ');
  const name = `${path === '/' ? '' : path}${target === undefined ? '' : ` -> ${target}`}`;
  return `${letters[type]}${permissions(Number.parseInt(entry.mode, 8))} ${uid}/${gid} ${size} ${time} ${name}`;
}

/** The same for a line that unsquashfs printed; undefined for a line that cannot be parsed. Only files have sizes. */
export function listingOfLine(line: string): string | undefined {
  const found =
    /^([-dlbcps])(\S{9}) (\d+)\/(\d+) +(\d+|\d+, *\d+) (\d{4}-\d\d-\d\d \d\d:\d\d) ?(\/.*|)$/s.exec(line);
  if (found === null) return undefined;
  const [, type = '', mode = '', uid = '', gid = '', size = '', time = '', name = ''] = found;
  const shown = 'bc'.includes(type) ? size.replace(/, */, ', ') : type === '-' ? size : '*';
  return `${type}${mode} ${uid}/${gid} ${shown} ${time} ${name}`;
}

/** "rwsr-xr-t", as printed by ls(1) and unsquashfs(1). */
function permissions(mode: number): string {
  const bits = Array.from('rwxrwxrwx').map((letter, index) => ((mode >> (8 - index)) & 1 ? letter : '-'));
  const special = (at: number, on: number, letter: string): void => {
    if ((mode & on) !== 0) bits[at] = bits[at] === 'x' ? letter : letter.toUpperCase();
  };
  special(2, 0o4000, 's');
  special(5, 0o2000, 's');
  special(8, 0o1000, 't');
  return bits.join('');
}
