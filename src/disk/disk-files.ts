import { rm } from 'node:fs/promises';
import type { Host } from '../host/host.ts';
import type { DiskFile } from '../inputs/targets/target.ts';

/** A raw disk and the disk file of a target, absolute paths. */
export interface DiskPaths {
  readonly raw: string;
  readonly file: string;
  readonly signal?: AbortSignal | undefined;
}

const signalOf = (signal: AbortSignal | undefined) => (signal === undefined ? {} : { signal });

/** Converts a raw disk to a target's disk file. The content of the disk is the same. */
export async function packDisk(
  host: Host,
  { pack }: Pick<DiskFile, 'pack'>,
  { raw, file, signal }: DiskPaths,
): Promise<void> {
  await rm(file, { force: true });
  const [program, ...words] = pack(raw, file);
  await host.run(program, words, signalOf(signal));
}

/** Converts a disk file that QEMU cannot boot directly to a raw disk. */
export async function unpackDisk(
  host: Host,
  { unpack }: Required<Pick<DiskFile, 'unpack'>>,
  { raw, file, signal }: DiskPaths,
): Promise<void> {
  const [program, ...words] = unpack(file, raw);
  await host.run(program, words, signalOf(signal));
}
