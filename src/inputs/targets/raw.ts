import type { DiskFile, Target } from './target.ts';

/**
 * The raw disk as one zstd frame with its size and checksum (zstd(1)). The frame does not depend on the number of
 * processors: zstd divides the input into the same jobs with one thread or many (only --single-thread differs).
 */
export const rawDisk = {
  path: 'disk.raw.zst',
  pack: (raw, file) => ['zstd', '-q', '-f', '-3', '-T0', raw, '-o', file],
  unpack: (file, raw) => [['zstd', '-q', '-d', '-f', '--sparse', file, '-o', raw]],
} as const satisfies DiskFile;

/** A disk to write onto hardware unchanged. */
export const raw = {
  name: 'raw',
  description: 'a disk to write onto hardware with zstd -d --sparse',
  disks: [rawDisk],
  links: {},
} as const satisfies Target;
