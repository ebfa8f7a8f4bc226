import { existsSync } from 'node:fs';
import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { Host } from '../host/host.ts';
import { IngotError } from '../host/ingot-error.ts';
import { ec2 } from '../inputs/targets/ec2.ts';
import { qcow2 } from '../inputs/targets/qcow2.ts';
import { rawDisk } from '../inputs/targets/raw.ts';
import { unpackDisk } from './disk-files.ts';

/** A part of a disk, in bytes. */
export interface ByteRange {
  readonly start: number;
  readonly length: number;
}

/** A raw disk in a sparse file. */
export interface RawCopy {
  /** Absolute path. */
  readonly path: string;
  /** Size in bytes, as a machine sees it. */
  readonly bytes: number;
  /** The parts that may hold data, in their order; the others are holes, which read as zeros. */
  readonly data: readonly ByteRange[];
}

interface MappedRange extends ByteRange {
  readonly data: boolean;
}

/** Asks the file system where the holes of a sparse file are; to read them would take most of the time. */
async function dataRanges(host: Host, raw: string, signal: AbortSignal): Promise<ByteRange[]> {
  const { stdout } = await host.run('qemu-img', ['map', '--output=json', '-f', 'raw', raw], { signal });
  const ranges = JSON.parse(stdout) as readonly MappedRange[];
  return ranges.filter(({ data }) => data).map(({ start, length }) => ({ start, length }));
}

/**
 * Writes the raw disk of a version into a sparse file. All disk files of a version have the same content, so a qcow2 does
 * as well as the packed raw disk.
 * @param folder absolute folder of the version, which is only read
 * @param raw absolute path of the file to write
 * @throws IngotError no-image if the version has no disk file
 */
export async function writeRawCopy(
  host: Host,
  folder: string,
  { raw, signal }: { readonly raw: string; readonly signal: AbortSignal },
): Promise<RawCopy> {
  const fileOf = (path: string): string => join(folder, path);
  const packed = [...ec2.disks, rawDisk].find(({ path }) => existsSync(fileOf(path)));
  const [whole] = qcow2.disks;
  if (packed !== undefined) await unpackDisk(host, rawDisk, { raw, file: fileOf(packed.path), signal });
  else if (existsSync(fileOf(whole.path)))
    await host.run('qemu-img', ['convert', '-f', 'qcow2', '-O', 'raw', fileOf(whole.path), raw], { signal });
  else
    throw new IngotError({
      code: 'no-image',
      message: `${folder} has no disk file`,
      hint: `add "${ec2.name}" to the targets of the spec, and bake again`,
    });
  return { path: raw, bytes: (await stat(raw)).size, data: await dataRanges(host, raw, signal) };
}
