import type { Host } from '../../host/host.ts';
import { writeWholeFile } from '../../host/write-whole-file.ts';
import { type StoredVersion, versionReport } from '../../store/stored-version.ts';
import { readReportFacts, type ReportPlaces } from './read-facts.ts';
import { versionPage } from './version-page.tsx';

/**
 * Writes the report of a version next to its folder. An older report is replaced as a whole.
 * @returns absolute path of the report
 * @throws IngotError not-a-version if a file of the version is missing or not understood
 * @throws a system error, for example ENOSPC, if it cannot be written; the older report stays then
 */
export async function writeVersionReport(
  host: Host,
  places: ReportPlaces,
  version: StoredVersion,
): Promise<string> {
  const file = versionReport(version.folder);
  await writeWholeFile(file, versionPage(await readReportFacts(host, places, version)));
  return file;
}
