import { rm } from 'node:fs/promises';
import type { Host } from '../host/host.ts';

const signalOf = (signal: AbortSignal | undefined) => (signal === undefined ? {} : { signal });

/**
 * Converts a raw disk to qcow2, its clusters compressed with zstd (qemu-img(1)): the same file every time.
 * Never with -W: writing out of order gave three different files in three runs.
 */
export async function convertToQcow2(
  host: Host,
  raw: string,
  file: string,
  signal?: AbortSignal,
): Promise<void> {
  await rm(file, { force: true });
  const how = ['-f', 'raw', '-O', 'qcow2', '-c', '-o', 'compression_type=zstd'];
  await host.run('qemu-img', ['convert', ...how, raw, file], signalOf(signal));
}

/**
 * Compresses a raw disk as one zstd frame with its size and checksum (zstd(1)). The frame does not depend on the number of processors: with
 * one thread or many, zstd divides the input into the same jobs (only --single-thread does otherwise).
 */
export async function compressDisk(
  host: Host,
  raw: string,
  file: string,
  signal?: AbortSignal,
): Promise<void> {
  await host.run('zstd', ['-q', '-f', '-3', '-T0', raw, '-o', file], signalOf(signal));
}

/** Unpacks what compressDisk made into a sparse file. */
export async function unpackDisk(host: Host, file: string, raw: string, signal?: AbortSignal): Promise<void> {
  await host.run('zstd', ['-q', '-d', '-f', '--sparse', file, '-o', raw], signalOf(signal));
}
