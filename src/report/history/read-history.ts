import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Role } from '../../inputs/roles.ts';
import { latestVersion } from '../../store/latest-version.ts';
import { readChecksRecord } from '../../version/checks-record.ts';
import { readBootRecord } from '../../version/read-boot-record.ts';
import { bomName } from '../../version/sbom/bom.ts';
import { bomPackages } from '../../version/sbom/bom-packages.ts';
import { readBake } from '../version/read-bake.ts';
import { versionsByAge } from '../version/read-changes.ts';
import { readListedFiles } from '../version/read-listed-files.ts';

/** One version in the history of a store. A number that no record states is null. */
export interface HistoryEntry {
  readonly role: Role;
  readonly version: string;
  readonly latest: boolean;
  /** When it was boot-tested, ISO 8601. */
  readonly published: string | null;
  readonly rootBytes: number;
  /** Bytes of all disk images. */
  readonly diskBytes: number;
  readonly packages: number | null;
  /** Seconds of the whole bake, and the number of its stages that came from the cache. */
  readonly bakeSeconds: number | null;
  readonly cachedStages: number | null;
  /** Seconds from power-on until the node was healthy, or until ssh answered for records that state only that. */
  readonly bootSeconds: number | null;
  readonly bootUntil: 'healthy' | 'ssh' | null;
  readonly accelerator: 'kvm' | 'tcg' | null;
}

/** The versions of a store, and the folders that could not be read. */
export interface History {
  /** In the order in which they were published. */
  readonly versions: readonly HistoryEntry[];
  readonly left: readonly string[];
}

/**
 * Reads the sizes and times of all versions of a store.
 * @param out absolute path of the store; a store that does not exist has no versions
 */
export async function readHistory(out: string): Promise<History> {
  const versions: HistoryEntry[] = [];
  const left: string[] = [];
  for (const stored of await versionsByAge(out)) {
    const { role, version, folder, published } = stored;
    const boot = await readBootRecord(folder);
    if (boot === undefined) {
      left.push(`${folder} is left out: it is not a complete version`);
      continue;
    }
    const checks = await readChecksRecord(folder);
    const { bake, times } = await readBake(out, stored);
    const files = await readListedFiles(folder);
    const bom = await readFile(join(folder, bomName), 'utf8').catch(() => '');
    const bootSeconds = times?.healthySeconds ?? checks?.secondsToSsh ?? null;
    versions.push({
      ...{ role, version },
      latest: (await latestVersion(out, role))?.version === version,
      published: published === '' ? null : published,
      rootBytes: boot.rootBytes,
      diskBytes: files
        .filter(({ name }) => name.startsWith('disk.'))
        .reduce((sum, { bytes }) => sum + bytes, 0),
      packages: bomPackages(bom)?.length ?? null,
      bakeSeconds: bake?.seconds ?? null,
      cachedStages: bake?.fromCache.length ?? null,
      bootSeconds,
      bootUntil: times === undefined ? (bootSeconds === null ? null : 'ssh') : 'healthy',
      accelerator: checks?.accelerator ?? null,
    });
  }
  return { versions, left };
}
