import type { SourceFixes } from '../image-diff.ts';
import type { Section } from '../report-parts.ts';

/** The number of CVE numbers per source that are shown by default: a kernel has hundreds. */
const shownCves = 20;

function cvesText(cves: readonly string[], all: boolean): string {
  if (cves.length === 0) return 'a security upload without CVE numbers';
  const newest = cves.toReversed();
  const shown = all ? newest : newest.slice(0, shownCves);
  const rest = cves.length - shown.length;
  return `${shown.join(' ')}${rest === 0 ? '' : ` (and ${rest} more)`}`;
}

/** The security fixes from the changelogs, and the sources whose changelogs could not be read. */
export function securitySection(security: readonly SourceFixes[], all: boolean): Section | undefined {
  if (security.length === 0) return undefined;
  const known = security.filter(({ unknown }) => unknown === undefined);
  const rows = known.map(({ source, before, after, urgency = '', cves }) => [
    source,
    before,
    after,
    urgency,
    cvesText(cves, all),
  ]);
  const lines = security.flatMap(({ source, before, after, unknown }) =>
    unknown === undefined ? [] : [`not known of ${source} ${before} → ${after}: ${unknown}`],
  );
  return {
    title: 'Security fixes',
    ...(rows.length === 0
      ? {}
      : { table: { head: ['source', 'before', 'after', 'urgency', 'fixes'], rows } }),
    ...(lines.length === 0 ? {} : { lines }),
  };
}
