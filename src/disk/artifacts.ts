import { mkdir, rm, stat, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { Host } from '../host/host.ts';
import { sideBySide } from '../host/side-by-side.ts';
import type { Target } from '../inputs/plan/plan.ts';
import { cloudDisk, linkSharedFiles, rawDisk } from '../version/shared-files.ts';
import { compressDisk, convertToQcow2 } from './disk-files.ts';
import { type DiskOptions, makeRawDisk } from './raw-disk.ts';

/** A file of a version that was generated: its path in the version's folder, and its text. */
export interface VersionText {
  readonly path: string;
  readonly content: string;
}

export interface ArtifactOptions extends Omit<DiskOptions, 'slotConfig' | 'signal'> {
  readonly targets: readonly Target[];
  /** slot.cfg, boot.json, and the scripts of the targets. */
  readonly texts: readonly VersionText[];
  /** What the cloud folder says of the disk; its size in bytes is known only here. */
  readonly cloudTexts: (diskBytes: number) => readonly VersionText[];
  /** Absolute folder of the version, in which the sealed files lie. */
  readonly folder: string;
  /** Absolute path of a raw disk that is there meanwhile. */
  readonly work: string;
  readonly signal: AbortSignal;
}

export interface Artifacts {
  /** What was written, as paths in the folder, without the links of sharedFiles. */
  readonly files: readonly string[];
  /** Size in bytes of each disk file: "disk.qcow2". */
  readonly diskBytes: Readonly<Record<string, number>>;
}

/** Makes every form of an image that is asked for out of the sealed files. The qcow2 and the compressed raw disk are written side by side. */
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

  const forms = diskForms(targets);
  const diskBytes: Record<string, number> = {};
  if (forms.length > 0) {
    try {
      await mkdir(dirname(work), { recursive: true });
      const slotConfig = join(folder, 'slot.cfg');
      const virtualSize = await makeRawDisk(host, work, { ...options, slotConfig }, onProgress);
      if (targets.includes('cloud'))
        for (const text of options.cloudTexts(virtualSize)) files.push(await write(text));
      onProgress(`writing ${forms.map(({ path }) => path).join(' and ')}`);
      await sideBySide(
        signal,
        forms.map(({ path, make }) => async (either) => {
          await mkdir(dirname(join(folder, path)), { recursive: true });
          await make(host, work, join(folder, path), either);
          diskBytes[path] = (await stat(join(folder, path))).size;
        }),
      );
      files.push(...forms.map(({ path }) => path));
    } finally {
      await rm(work, { force: true });
    }
  }
  await linkSharedFiles(folder, targets);
  return { files, diskBytes };
}

interface DiskForm {
  readonly path: string;
  readonly make: (host: Host, raw: string, file: string, signal: AbortSignal) => Promise<void>;
}

/** The disk files of the targets; the cloud's disk is a link of the raw one where both are wanted. */
function diskForms(targets: readonly Target[]): readonly DiskForm[] {
  const zst = targets.includes('raw') ? rawDisk : cloudDisk;
  return [
    ...(targets.includes('qcow2') ? [{ path: 'disk.qcow2', make: convertToQcow2 }] : []),
    ...(targets.includes('raw') || targets.includes('cloud') ? [{ path: zst, make: compressDisk }] : []),
  ];
}
