import { compareDebianVersions } from '../inputs/lock/compare-versions.ts';
import type { ChangelogEntry } from './image-diff.ts';

/** From lowest to highest (deb-src-control(5), Urgency). */
const urgencies = ['low', 'medium', 'high', 'emergency', 'critical'];

const numbersOf = (cve: string): [number, number] => {
  const [, year, number] = cve.split('-');
  return [Number(year), Number(number)];
};

/** CVE numbers without duplicates, by year and number. */
export function sortedCves(cves: Iterable<string>): string[] {
  return [...new Set(cves)].sort((a, b) => {
    const [[year, number], [otherYear, otherNumber]] = [numbersOf(a), numbersOf(b)];
    return year - otherYear || number - otherNumber;
  });
}

/**
 * Parses a Debian changelog (deb-changelog(5)): a head `source (version) distributions; urgency=…`, indented changes,
 * and a line ` -- maintainer  date`. Other lines are ignored.
 */
export function parseChangelog(text: string): ChangelogEntry[] {
  const entries: (ChangelogEntry & { readonly cves: string[] })[] = [];
  for (const line of text.split(/\r?\n/)) {
    const head = /^[a-z0-9][a-z0-9+.-]*\s\(([A-Za-z0-9.+:~-]+)\)((?:\s+[-+0-9a-z.]+)+);\s*(.*)$/i.exec(line);
    if (head !== null) {
      const [, version = '', distributions = '', keys = ''] = head;
      const urgency = /(?:^|,)\s*urgency=([a-z]+)/i.exec(keys)?.[1]?.toLowerCase() ?? 'unknown';
      entries.push({ version, distributions: distributions.trim(), urgency, date: '', cves: [] });
      continue;
    }
    const entry = entries.at(-1);
    if (entry === undefined) continue;
    const date = /^ -- .*> {1,2}(\S.*)$/.exec(line)?.[1];
    if (date !== undefined) entries[entries.length - 1] = { ...entry, date: date.trim() };
    else entry.cves.push(...(line.match(/\bCVE-\d{4}-\d{4,}\b/g) ?? []));
  }
  return entries.map((entry) => ({ ...entry, cves: sortedCves(entry.cves) }));
}

/** The entries that are newer than one version and not newer than the other. */
export function entriesBetween(
  entries: readonly ChangelogEntry[],
  before: string,
  after: string,
): ChangelogEntry[] {
  return entries.filter(
    ({ version }) => compareDebianVersions(version, before) > 0 && compareDebianVersions(version, after) <= 0,
  );
}

/** Whether an entry is about security: it names a CVE, or was uploaded for security. */
export function isSecurity({ cves, distributions }: ChangelogEntry): boolean {
  return cves.length > 0 || /(?:^|\s)\S+-security(?:\s|$)/.test(distributions);
}

/** The highest urgency of entries; undefined without entries. */
export function highestUrgency(entries: readonly ChangelogEntry[]): string | undefined {
  return entries
    .map(({ urgency }) => urgency)
    .sort((a, b) => urgencies.indexOf(b) - urgencies.indexOf(a))
    .at(0);
}
