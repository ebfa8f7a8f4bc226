import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { readVersion } from '../../diff/read-version.ts';
import type { Host } from '../../host/host.ts';
import type { StoredVersion } from '../../store/stored-version.ts';
import { readChecksRecord } from '../../version/checks-record.ts';
import { hasPayload } from '../../version/dsse.ts';
import { bomName } from '../../version/sbom/bom.ts';
import { readSignatures } from '../../version/signatures.ts';
import { smallFile } from '../../version/small-file.ts';
import { sumsName } from '../../version/sums.ts';
import { readBake } from './read-bake.ts';
import { readChanges, versionBefore, versionsByAge } from './read-changes.ts';
import { folderSizes } from './read-folders.ts';
import { logLinks, versionLinks } from './read-links.ts';
import { packagesOfBom } from './read-packages.ts';
import { statedRehearsals } from './read-rehearsals.ts';
import type { VersionReportFacts } from './version-facts.ts';

const auditSchema = z.object({
  privileges: z.array(z.object({ path: z.string(), mode: z.string(), why: z.string() })),
});

async function privilegesOf(folder: string): Promise<VersionReportFacts['privileges']> {
  try {
    const text = (await smallFile(join(folder, 'audit.json')))?.toString() ?? '';
    return auditSchema.parse(JSON.parse(text)).privileges;
  } catch {
    return [];
  }
}

async function signersOf(folder: string): Promise<VersionReportFacts['signedBy']> {
  const envelope = await readSignatures(folder);
  if (envelope === 'none') return [];
  const sums = await smallFile(join(folder, sumsName));
  if (envelope === 'damaged' || sums === undefined || !hasPayload(envelope, sums)) return 'damaged';
  return envelope.signatures.map(({ keyid }) => keyid);
}

/** Where a report finds what it shows. */
export interface ReportPlaces {
  /** Absolute path of the store. */
  readonly out: string;
  /** Absolute folder of the .debs, for their changelogs. */
  readonly pool: string;
}

/**
 * Reads everything that the report of a version shows. Nothing is verified: that is the work of `ingot verify`.
 * @throws IngotError not-a-version if a file of it is missing or not understood
 */
export async function readReportFacts(
  host: Host,
  { out, pool }: ReportPlaces,
  stored: StoredVersion,
): Promise<VersionReportFacts> {
  const { role, version, folder } = stored;
  const own = await readVersion(folder);
  const { packages, sizes } = packagesOfBom(await readFile(join(folder, bomName), 'utf8'));
  const { bake, times } = await readBake(out, stored);
  return {
    ...{ role, version, packages, bake, times },
    boot: own.boot,
    signedBy: await signersOf(folder),
    packageSizes: sizes,
    folderSizes: await folderSizes(join(folder, 'manifest.json')),
    changes: await readChanges(host, pool, versionBefore(await versionsByAge(out), stored), own),
    checks: await readChecksRecord(folder),
    privileges: await privilegesOf(folder),
    files: await versionLinks(folder),
    logs: bake === undefined ? [] : await logLinks(out, bake.run, role),
    rehearsals: await statedRehearsals(folder),
  };
}
