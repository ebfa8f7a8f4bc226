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

/** Makes a disk file of a raw disk: the same bytes of the same disk. */
export async function packDisk(
  host: Host,
  { pack }: Pick<DiskFile, 'pack'>,
  { raw, file, signal }: DiskPaths,
): Promise<void> {
  await rm(file, { force: true });
  const [program, ...words] = pack(raw, file);
  await host.run(program, words, signalOf(signal));
}

/** Makes a raw disk of a disk file that QEMU cannot boot as it is. */
export async function unpackDisk(
  host: Host,
  { unpack }: Required<Pick<DiskFile, 'unpack'>>,
  { raw, file, signal }: DiskPaths,
): Promise<void> {
  const [program, ...words] = unpack(file, raw);
  await host.run(program, words, signalOf(signal));
}
