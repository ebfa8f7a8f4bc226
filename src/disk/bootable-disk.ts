import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { Host } from '../host/host.ts';
import { IngotError } from '../host/ingot-error.ts';
import { sha256File } from '../host/sha256-file.ts';
import { diskIdentifiers } from '../inputs/plan/disk-identifiers.ts';
import { allTargets } from '../inputs/targets/all-targets.ts';
import { renderGrub } from '../render/render-boot.ts';
import type { Templates } from '../render/templates.ts';
import { bootRecordName } from '../version/boot-record.ts';
import { notAVersion } from '../version/not-a-version.ts';
import { requireBootRecord } from '../version/read-boot-record.ts';
import { dayOfVersion } from '../version/version-name.ts';
import { unpackDisk } from './disk-files.ts';
import { makeRawDisk } from './raw-disk.ts';

/** The disk of a development version, which has no target: raw and uncompressed, as its boot test has booted it. */
export const rawDiskName = 'disk.raw';

export interface BootableDisk {
  /** Absolute folder of a version, staged or in the store. */
  readonly folder: string;
  readonly templates: Templates;
  /** Absolute path, ending in .raw, for a disk that has to be unpacked or created. */
  readonly work: string;
  readonly signal: AbortSignal;
}

/** The date of a version's packages, in seconds since 1970. */
async function dateOf(folder: string): Promise<number> {
  const { version } = await requireBootRecord(folder);
  const day = dayOfVersion(version);
  if (day === undefined) throw notAVersion(folder, `${bootRecordName} calls it ${version}`);
  return day;
}

/**
 * Returns a disk that boots the image of a version. If a target has a disk, the first one is used, unpacked if QEMU
 * cannot boot it directly. Otherwise a raw disk is created from the version's files.
 * @returns the absolute path; the disk must not be written to
 * @throws IngotError no-image when the folder holds no version that can be booted
 */
export async function bootableDisk(
  host: Host,
  { folder, templates, work, signal }: BootableDisk,
): Promise<string> {
  const has = (name: string): boolean => existsSync(join(folder, name));
  const disk = allTargets.flatMap(({ disks }) => disks).find(({ path }) => has(path));
  if (disk !== undefined) {
    const { path, unpack } = disk;
    if (unpack === undefined) return join(folder, path);
    await unpackDisk(host, { unpack }, { raw: work, file: join(folder, path), signal });
    return work;
  }
  if (has(rawDiskName)) return join(folder, rawDiskName);
  const missing = [bootRecordName, 'slot.cfg', 'manifest.json', 'root.squashfs'].find((name) => !has(name));
  if (missing !== undefined)
    throw new IngotError({
      code: 'no-image',
      message: `${folder} has no disk, and no ${missing} to create one`,
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
