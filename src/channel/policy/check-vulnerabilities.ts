import { type NotAffected, notAffectedBy, readVex } from '../../version/vex/read-vex.ts';
import { vexName } from '../../version/vex/vex.ts';
import { foundVulnerabilities, type FoundVulnerability } from '../feed/found-vulnerabilities.ts';
import { listedSources } from '../feed/listed-sources.ts';
import { readFeeds } from '../feed/read-feed.ts';
import { rankOf } from '../feed/severity.ts';
import type { Objection, PromotionPolicy } from './promotion-policy.ts';

/** A vulnerability that feeds report for a version, and what the version's own statements say about it. */
export interface JudgedVulnerability extends FoundVulnerability {
  /** Why the image does not have it; undefined if nothing says so. */
  readonly vex: NotAffected | undefined;
  /** Whether it would stop the promotion, if nothing said that the image does not have it. */
  readonly grave: boolean;
}

const vulnerabilityText = ({ id, source, version, severity, fixed }: FoundVulnerability): string =>
  `${id} (${severity ?? 'not rated'}) in ${source} ${version}${fixed === undefined ? ', no fix known' : `, fixed in ${fixed}`}`;

/** The statements of a version that count, and why others do not. */
async function trustedVex(folder: string, vexTrusted: boolean) {
  const read = await readVex(folder);
  if (read === 'none') return { statements: [], unused: '' };
  if (read === 'damaged') return { statements: [], unused: ` (${vexName} is not OpenVEX, and was not used)` };
  // Whoever can alter an unsigned version can also write that it has no vulnerability.
  return vexTrusted
    ? { statements: read, unused: '' }
    : { statements: [], unused: ` (${vexName} was not used, because the version is not signed)` };
}

/**
 * Compares the packages of a version with feeds of vulnerabilities. One that the version's statements (OpenVEX) say the
 * image does not have, with a justification, does not stop a promotion.
 * @param version its absolute folder, and whether its statements are signed by a trusted key
 * @param feeds absolute paths
 * @throws IngotError wrong-feed, damaged-version if the statements are too large
 */
export async function checkVulnerabilities(
  { folder, vexTrusted }: { readonly folder: string; readonly vexTrusted: boolean },
  policy: PromotionPolicy,
  feeds: readonly string[],
): Promise<{ objections: Objection[]; found: readonly JudgedVulnerability[] }> {
  if (feeds.length === 0) {
    const why = 'its vulnerabilities were not checked: no feed was named (--feed)';
    return { objections: policy.cvesChecked ? [{ why, allowedBy: 'unchecked-cves' }] : [], found: [] };
  }
  const listed = await listedSources(folder);
  if (listed === undefined || listed.sources.length === 0) {
    const why = 'its vulnerabilities cannot be checked: it has no bill of materials';
    return { objections: [{ why, allowedBy: 'unchecked-cves' }], found: [] };
  }
  const { statements, unused } = await trustedVex(folder, vexTrusted);
  const found = foundVulnerabilities(listed, await readFeeds(feeds, listed.release ?? 'sid')).map((one) => ({
    ...one,
    vex: notAffectedBy(statements, one.id, one.purls),
    grave: rankOf(one.severity) > rankOf(policy.maxSeverity) && !policy.acceptedCves.includes(one.id),
  }));
  const open = found.filter(({ grave, vex }) => grave && vex === undefined);
  return { objections: open.map((one) => ({ why: `${vulnerabilityText(one)}${unused}` })), found };
}
