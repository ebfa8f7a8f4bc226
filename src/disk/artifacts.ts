import { mkdir, rm, stat, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { Host } from '../host/host.ts';
import { inParallel } from '../host/in-parallel.ts';
import type { BootMedium, Target } from '../inputs/targets/target.ts';
import { disksOf } from '../inputs/targets/target-files.ts';
import { linkSharedFiles } from '../version/shared-files.ts';
import { writeBootMedium } from './boot-medium.ts';
import { packDisk } from './disk-files.ts';
import { type DiskOptions, makeRawDisk } from './raw-disk.ts';

/** A generated file of a version: its path relative to the version's folder, and its text. */
export interface VersionText {
  readonly path: string;
  readonly content: string;
}

export interface ArtifactOptions extends Omit<DiskOptions, 'slotConfig' | 'signal'> {
  readonly targets: readonly Target[];
  readonly version: string;
  /** slot.cfg, boot.json and all other texts that do not depend on the disk. */
  readonly texts: readonly VersionText[];
  /** Renders the texts of the targets. The size of the disk in bytes (0 without a disk) is known only at that point. */
  readonly targetTexts: (diskBytes: number) => readonly VersionText[];
  /** Absolute folder of the version, which holds the sealed files. */
  readonly folder: string;
  /** Absolute path of the temporary raw disk. */
  readonly work: string;
  readonly signal: AbortSignal;
}

export interface Artifacts {
  /** The files that were written, as paths relative to the folder, without hard links. */
  readonly files: readonly string[];
  /** Size in bytes of each disk file: "disk.qcow2". */
  readonly diskBytes: Readonly<Record<string, number>>;
}

/** Creates all targets of an image from the sealed files. Disk files are written in parallel. */
export async function assembleArtifacts(
  host: Host,
  options: ArtifactOptions,
  onProgress: (what: string) => void,
): Promise<Artifacts> {
  const { folder, targets, work, signal } = options;
  const write = async ({ path, content }: VersionText): Promise<string> => {
    await mkdir(dirname(join(folder, path)), { recursive: true });
    await writeFile(join(folder, path), content);
    return path;
  };
  const files: string[] = [];
  for (const text of options.texts) files.push(await write(text));
  const writeTargetTexts = async (diskBytes: number): Promise<void> => {
    for (const text of options.targetTexts(diskBytes)) files.push(await write(text));
  };

  const disks = disksOf(targets);
  const media = targets.flatMap(({ medium }) => (medium === undefined ? [] : [medium]));
  const diskBytes: Record<string, number> = {};
  const packed = async (path: string, pack: (file: string) => Promise<void>): Promise<void> => {
    await mkdir(dirname(join(folder, path)), { recursive: true });
    await pack(join(folder, path));
    diskBytes[path] = (await stat(join(folder, path))).size;
  };
  try {
    await mkdir(dirname(work), { recursive: true });
    const slotConfig = join(folder, 'slot.cfg');
    const virtualSize =
      disks.length === 0 ? 0 : await makeRawDisk(host, work, { ...options, slotConfig }, onProgress);
    await writeTargetTexts(virtualSize);
    const paths = [...disks, ...media].map(({ path }) => path);
    if (paths.length > 0) onProgress(`writing ${paths.join(' and ')}`);
    const { manifestSha256, epoch } = options;
    await inParallel(signal, [
      ...disks.map(
        (disk) => (either: AbortSignal) =>
          packed(disk.path, (file) =>
            packDisk(host, disk, { raw: work, file, signal: either, manifestSha256, epoch }),
          ),
      ),
      ...media.map(
        (medium) => (either: AbortSignal) =>
          packed(medium.path, (file) => writeMedium(host, { ...options, signal: either }, medium, file)),
      ),
    ]);
    files.push(...paths);
  } finally {
    await rm(work, { force: true });
  }
  await linkSharedFiles(folder, targets);
  return { files, diskBytes };
}

function writeMedium(host: Host, options: ArtifactOptions, medium: BootMedium, file: string): Promise<void> {
  return writeBootMedium(host, file, {
    ...options,
    grubConfig: join(options.folder, medium.grubConfig),
    label: medium.label(options.version),
    work: `${options.work}.medium`,
  });
}
