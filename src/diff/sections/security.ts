import type { SourceFixes } from '../image-diff.ts';
import type { Section } from '../report-parts.ts';

/** What the changelogs say of security, and of what they could not be asked. */
export function securitySection(security: readonly SourceFixes[]): Section | undefined {
  if (security.length === 0) return undefined;
  const known = security.filter(({ unknown }) => unknown === undefined);
  const rows = known.map(({ source, before, after, urgency = '', cves }) => [
    source,
    before,
    after,
    urgency,
    cves.length === 0 ? 'a security upload without CVE numbers' : cves.join(' '),
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
