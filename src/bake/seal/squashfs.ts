import { rm } from 'node:fs/promises';
import type { Host } from '../../host/host.ts';
import { IngotError } from '../../host/ingot-error.ts';
import type { SeenPath } from './residue.ts';

export interface SquashfsOptions {
  /** Seconds since 1970: the time of the file system itself; no file in it is later. */
  readonly epoch: number;
  /** zstd, 1 to 22. */
  readonly level: number;
  /** How many processors to use; default all. The result does not depend on it. */
  readonly processors?: number;
  readonly signal?: AbortSignal | undefined;
}

/**
 * Packs `tree` into the squashfs `file` (zstd, extended attributes kept): the same bytes for the same tree and options
 * (mksquashfs(1)).
 */
export async function makeSquashfs(
  host: Host,
  tree: string,
  file: string,
  options: SquashfsOptions,
): Promise<void> {
  await rm(file, { force: true });
  const args = [tree, file, '-noappend', '-no-progress', '-quiet', '-xattrs'];
  args.push('-comp', 'zstd', '-Xcompression-level', String(options.level));
  if (options.processors !== undefined) args.push('-processors', String(options.processors));
  await host.run('mksquashfs', args, {
    env: { SOURCE_DATE_EPOCH: String(options.epoch) },
    ...(options.signal === undefined ? {} : { signal: options.signal }),
  });
}

/**
 * Lists the content of a squashfs and calls `see` for every path, with its line; returns their number (unsquashfs(1),
 * -lln).
 */
export async function listSquashfs(
  host: Host,
  file: string,
  see: (seen: SeenPath, line: string) => void,
): Promise<number> {
  let paths = 0;
  await host.run('unsquashfs', ['-lln', '-no-progress', '-dest', '', file], {
    discardOutput: true,
    onLine: (line, stream) => {
      if (stream !== 'stdout' || line === '') return;
      see(parseListing(line), line);
      paths += 1;
    },
  });
  return paths;
}

/**
 * Parses one line of the listing: "-rw-r--r-- 0/0   12 2026-11-22 00:00 /etc/hosts"; devices have "MAJOR, MINOR" in
 * place of the size.
 */
export function parseListing(line: string): SeenPath {
  const found =
    /^([-dlbcpsDLBCPS])\S{9} \d+\/\d+ +(?:(\d+)|\d+, *\d+) \d{4}-\d\d-\d\d \d\d:\d\d ?(\/.*|)$/s.exec(line);
  if (found === null) {
    throw new IngotError({
      code: 'command-failed',
      message: `unsquashfs listed a line that is not understood: ${line}`,
    });
  }
  const [, type, size, rest = ''] = found;
  const path = type === 'l' ? rest.replace(/ -> .*$/s, '') : rest;
  return { path: path === '' ? '/' : path, kind: type === '-' ? 'file' : 'other', size: Number(size ?? 0) };
}
