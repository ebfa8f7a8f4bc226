import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { BootRecord } from '../version/boot-record.ts';
import { notAVersion } from '../version/not-a-version.ts';
import { requireBootRecord } from '../version/read-boot-record.ts';
import { isRecord } from '../version/record-files.ts';
import { bomPackages } from '../version/sbom/bom-packages.ts';
import { smallFile } from '../version/small-file.ts';
import { parseSums, sumsName } from '../version/sums.ts';
import { versionFiles } from '../version/version-files.ts';
import type { PackageRecord } from './image-diff.ts';

/** A file of a version folder, with its digest from SHA256SUMS. */
export interface ListedFile {
  readonly size: number;
  readonly sha256: string | undefined;
}

/** Facts about a version from the small files of its folder. */
export interface VersionFacts {
  /** Absolute. */
  readonly folder: string;
  readonly boot: BootRecord;
  readonly packages: readonly PackageRecord[];
  /** Files by path, without records. */
  readonly files: ReadonlyMap<string, ListedFile>;
}

/**
 * Reads the facts about a version from its folder (docs/store.md). Digests are taken as listed, and no large file is
 * read.
 * @throws IngotError not-a-version if a file of it is missing or not understood
 */
export async function readVersion(folder: string): Promise<VersionFacts> {
  const listed = await versionFiles(folder);
  for (const name of ['manifest.json', 'root.squashfs'])
    if (!listed.files.includes(name)) throw notAVersion(folder, `it has no ${name}`);
  const boot = await requireBootRecord(folder);
  const bom = await readFile(join(folder, 'sbom.cdx.json'), 'utf8').catch(() => '');
  const packages = bomPackages(bom);
  if (packages === undefined) throw notAVersion(folder, 'sbom.cdx.json is missing or not understood');
  const sums = parseSums((await smallFile(join(folder, sumsName)))?.toString() ?? '');
  const files = listed.files
    .filter((name) => !isRecord(name))
    .map(async (name): Promise<[string, ListedFile]> => {
      const { size } = await stat(join(folder, name));
      return [name, { size, sha256: sums?.get(name) }];
    });
  return { folder, boot, packages, files: new Map(await Promise.all(files)) };
}
