import { writeFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import type { Host } from '../host/host.ts';
import { sha256File } from '../host/sha256-file.ts';
import type { DiskContainer } from '../inputs/targets/target.ts';
import { sectorSize } from './disk-layout.ts';

/** A disk that is to be put into another file. */
export interface ContainedDisk {
  /** Absolute path of the disk, in a folder of its own. */
  readonly disk: string;
  /** Absolute path of the container; the texts of its target are in the same folder. */
  readonly file: string;
  /** Seconds since 1970: the time of everything inside. */
  readonly epoch: number;
  readonly signal?: AbortSignal | undefined;
}

/**
 * Writes an OVA: the descriptor first, the manifest second, then the disk (DSP0243 1.1.0, 5.3; ustar, POSIX.1-1988).
 * The manifest has SHA-256 instead of SHA-1, as OVF 2 prescribes it; vSphere reads both.
 */
async function writeOva(host: Host, { disk, file, epoch, signal }: ContainedDisk): Promise<void> {
  const texts = dirname(file);
  const name = basename(file, '.ova');
  const descriptor = `${name}.ovf`;
  const lines = await Promise.all(
    [join(texts, descriptor), disk].map(
      async (path) => `SHA256(${basename(path)})= ${await sha256File(path)}\n`,
    ),
  );
  await writeFile(join(dirname(disk), `${name}.mf`), lines.join(''));
  const same = ['--owner=0', '--group=0', '--numeric-owner', '--mode=0644', `--mtime=@${epoch}`];
  await host.run(
    'tar',
    [
      ...['--create', '--format=ustar', ...same, `--file=${file}`],
      ...['-C', texts, descriptor, '-C', dirname(disk), `${name}.mf`, basename(disk)],
    ],
    signal === undefined ? {} : { signal },
  );
}

/** First sector of the boot partition of every disk (src/disk/disk-layout.ts): the second MiB. */
const bootPartitionByte = 2 * 2048 * sectorSize;

/** Adds the program for MAAS' installer to the boot partition, and compresses the disk with gzip, without a name. */
async function writeMaasDisk(host: Host, { disk, file, epoch, signal }: ContainedDisk): Promise<void> {
  const run = {
    env: { SOURCE_DATE_EPOCH: String(epoch), MTOOLSRC: '/dev/null' },
    ...(signal === undefined ? {} : { signal }),
  };
  const image = `${disk}@@${bootPartitionByte}`;
  await host.run('mmd', ['-i', image, '::/curtin'], run);
  await host.run('mcopy', ['-i', image, join(dirname(file), 'curtin-hooks'), '::/curtin/curtin-hooks'], run);
  await host.run('zstd', ['-q', '-f', '--format=gzip', '-6', disk, '-o', file], run);
}

/** How each container is written around a disk. */
export const writeContainer: Readonly<
  Record<DiskContainer['kind'], (host: Host, disk: ContainedDisk) => Promise<void>>
> = { ova: writeOva, maas: writeMaasDisk };
