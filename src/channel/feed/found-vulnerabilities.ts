import type { ListedSource, ListedSources } from './listed-sources.ts';
import { rankOf, type Severity } from './severity.ts';
import { fixedIn, isAffected, type Vulnerability } from './vulnerability.ts';

/** A vulnerability that a version has. */
export interface FoundVulnerability {
  readonly id: string;
  readonly source: string;
  /** Version of the source package in the image. */
  readonly version: string;
  readonly severity: Severity | undefined;
  /** The version that has a fix; undefined if there is none yet. */
  readonly fixed: string | undefined;
  /** Package URLs of the packages of the image that were built from the source. */
  readonly purls: readonly string[];
}

/**
 * The vulnerabilities of the packages of a version, the gravest first. Of two feeds that name the same one, the graver
 * rating counts.
 */
export function foundVulnerabilities(
  { sources }: ListedSources,
  feeds: readonly Vulnerability[],
): FoundVulnerability[] {
  const versions = new Map<string, ListedSource[]>();
  for (const one of sources) versions.set(one.name, [...(versions.get(one.name) ?? []), one]);
  const found = new Map<string, FoundVulnerability>();
  for (const one of feeds)
    for (const { version, purls } of versions.get(one.source) ?? []) {
      if (!isAffected(one, version)) continue;
      const { id, source, severity } = one;
      const key = `${id} ${source}`;
      const before = found.get(key);
      if (before !== undefined && rankOf(before.severity) >= rankOf(severity)) continue;
      found.set(key, { id, source, version, severity, fixed: fixedIn(one), purls });
    }
  const byText = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);
  return [...found.values()].sort(
    (a, b) => rankOf(b.severity) - rankOf(a.severity) || byText(a.id, b.id) || byText(a.source, b.source),
  );
}
