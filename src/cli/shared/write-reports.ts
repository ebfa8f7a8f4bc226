import type { Host } from '../../host/host.ts';
import type { ReportPlaces } from '../../report/version/read-facts.ts';
import type { StoredVersion } from '../../store/stored-version.ts';

/**
 * Writes the reports of published versions. A report that cannot be written fails nothing: its version is complete
 * without it, and `ingot history --reports` writes it later.
 * @returns one line for each report that was not written
 */
export async function writeReports(
  host: Host,
  places: ReportPlaces,
  versions: readonly StoredVersion[],
): Promise<string[]> {
  // Loaded only here: most commands write no report.
  const { writeVersionReport } = await import('../../report/version/write-version-report.ts');
  const lines: string[] = [];
  for (const version of versions)
    try {
      await writeVersionReport(host, places, version);
    } catch (error) {
      const why = error instanceof Error ? error.message : String(error);
      lines.push(
        `the report of ${version.role} ${version.version} was not written: ${why}; ingot history --reports writes it`,
      );
    }
  return lines;
}
