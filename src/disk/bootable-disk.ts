import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Host } from '../host/host.ts';
import { IngotError } from '../host/ingot-error.ts';
import { sha256File } from '../host/sha256-file.ts';
import { diskIdentifiers } from '../inputs/plan/disk-identifiers.ts';
import { renderGrub } from '../render/render-boot.ts';
import type { Templates } from '../render/templates.ts';
import { cloudDisk, rawDisk } from '../version/shared-files.ts';
import { unpackDisk } from './disk-files.ts';
import { makeRawDisk } from './raw-disk.ts';

export interface BootableDisk {
  /** Absolute folder of a version, staged or in the store. */
  readonly folder: string;
  readonly templates: Templates;
  /** Absolute path, ending in .raw, for a disk that has to be unpacked or made for it. */
  readonly work: string;
  readonly signal: AbortSignal;
}

/** The date that a version begins with, in seconds since 1970. */
async function dateOf(folder: string): Promise<number> {
  const { version } = JSON.parse(await readFile(join(folder, 'boot.json'), 'utf8')) as { version: string };
  return Date.parse(version.replace(/^(\d{4})(\d\d)(\d\d)-.*$/, '$1-$2-$3')) / 1000;
}

/**
 * A disk that boots the image of a version: its qcow2; else its raw disk, unpacked; else, where it is published in no form of a disk, one
 * that is made of its files as a raw disk would be.
 * @returns the absolute path; it is not to be written
 * @throws IngotError no-image when the folder holds no version that can be booted
 */
export async function bootableDisk(
  host: Host,
  { folder, templates, work, signal }: BootableDisk,
): Promise<string> {
  const there = (name: string): boolean => existsSync(join(folder, name));
  if (there('disk.qcow2')) return join(folder, 'disk.qcow2');
  const packed = [rawDisk, cloudDisk].find(there);
  if (packed !== undefined) {
    await unpackDisk(host, join(folder, packed), work, signal);
    return work;
  }
  const lacking = ['boot.json', 'slot.cfg', 'manifest.json', 'root.squashfs'].find((name) => !there(name));
  if (lacking !== undefined)
    throw new IngotError({
      code: 'no-image',
      message: `${folder} has no disk, and no ${lacking} to make one of`,
      hint: 'bake the image again',
    });
  const manifestSha256 = await sha256File(join(folder, 'manifest.json'));
  await makeRawDisk(
    host,
    work,
    {
      squashfs: join(folder, 'root.squashfs'),
      hashTree: join(folder, 'root.verity'),
      kernel: join(folder, 'vmlinuz'),
      initrd: join(folder, 'initrd.img'),
      slotConfig: join(folder, 'slot.cfg'),
      manifestSha256,
      grubConfig: renderGrub(templates, diskIdentifiers(manifestSha256).fatUuid),
      epoch: await dateOf(folder),
      signal,
    },
    () => undefined,
  );
  return work;
}
