import { mkdir, rm } from 'node:fs/promises';
import { basename, join } from 'node:path';
import type { Host } from '../host/host.ts';
import type { DiskFile } from '../inputs/targets/target.ts';
import { writeContainer } from './disk-containers.ts';
import { type DiskIdentity, setDiskIdentity } from './disk-identity.ts';

/** A raw disk and the disk file of a target, absolute paths. */
export interface DiskPaths {
  readonly raw: string;
  readonly file: string;
  readonly signal?: AbortSignal | undefined;
}

const signalOf = (signal: AbortSignal | undefined) => (signal === undefined ? {} : { signal });

/**
 * Converts a raw disk to a target's disk file. The content of the disk is the same. A disk that goes into a container is
 * made in a temporary folder next to the raw disk.
 */
export async function packDisk(
  host: Host,
  { pack, identifiers, container }: Pick<DiskFile, 'pack' | 'identifiers' | 'container'>,
  { raw, file, signal, ...identity }: DiskPaths & DiskIdentity,
): Promise<void> {
  await rm(file, { force: true });
  const parts = `${raw}.${basename(file)}.parts`;
  const packed = container === undefined ? file : join(parts, container.member);
  try {
    if (container !== undefined) await mkdir(parts, { recursive: true });
    const [program, ...words] = pack(raw, packed);
    await host.run(program, words, signalOf(signal));
    if (identifiers !== undefined) await setDiskIdentity(packed, identifiers, identity);
    if (container !== undefined)
      await writeContainer[container.kind](host, { disk: packed, file, epoch: identity.epoch, signal });
  } finally {
    await rm(parts, { recursive: true, force: true });
  }
}

/** Converts a disk file that QEMU cannot boot directly to a raw disk. */
export async function unpackDisk(
  host: Host,
  { unpack }: Required<Pick<DiskFile, 'unpack'>>,
  { raw, file, signal }: DiskPaths,
): Promise<void> {
  for (const [program, ...words] of unpack(file, raw)) await host.run(program, words, signalOf(signal));
}
