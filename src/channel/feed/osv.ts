import { z } from 'zod';
import { baseScore, severityOfScore } from './cvss.ts';
import { gravest, type Severity, severityOfUrgency } from './severity.ts';
import type { RangeEvent, Vulnerability } from './vulnerability.ts';

// Source: https://ossf.github.io/osv-schema/
const severitySchema = z.array(z.object({ type: z.string(), score: z.string() })).optional();
const eventSchema = z.object({
  introduced: z.string().optional(),
  fixed: z.string().optional(),
  last_affected: z.string().optional(),
});
const affectedSchema = z.object({
  package: z.object({ ecosystem: z.string(), name: z.string() }).optional(),
  severity: severitySchema,
  ranges: z.array(z.object({ type: z.string(), events: z.array(eventSchema) })).optional(),
  versions: z.array(z.string()).optional(),
  ecosystem_specific: z.object({ urgency: z.string().optional() }).loose().optional(),
});
const recordSchema = z.object({
  id: z.string().min(1),
  modified: z.string(),
  withdrawn: z.string().optional(),
  aliases: z.array(z.string()).nullish(),
  upstream: z.array(z.string()).nullish(),
  severity: severitySchema,
  affected: z.array(affectedSchema).nullish(),
});
type OsvRecord = z.output<typeof recordSchema>;

const listSchema = z.union([
  z.array(recordSchema),
  z.object({ vulns: z.array(recordSchema) }).transform(({ vulns }) => vulns),
  recordSchema.transform((one) => [one]),
]);

const rated = (ratings: z.output<typeof severitySchema>): (Severity | undefined)[] =>
  (ratings ?? []).map(({ score }) => severityOfScore(baseScore(score)));

const isCve = (id: string): boolean => /^CVE-\d{4}-\d{4,}$/.test(id);

/** The CVEs of a record; its own id if it has none. An advisory may be about several. */
function namesOf({ id, aliases, upstream }: OsvRecord): string[] {
  const own = [id, id.replace(/^DEBIAN-/, '')].find(isCve);
  const others = [...(aliases ?? []), ...(upstream ?? [])].filter(isCve);
  const all = own === undefined ? others : [own];
  return all.length === 0 ? [id] : [...new Set(all)];
}

function eventsOf(events: readonly z.output<typeof eventSchema>[]): RangeEvent[] {
  return events.flatMap(({ introduced, fixed, last_affected: lastAffected }): RangeEvent[] => [
    ...(introduced === undefined ? [] : [{ introduced }]),
    ...(fixed === undefined ? [] : [{ fixed }]),
    ...(lastAffected === undefined ? [] : [{ lastAffected }]),
  ]);
}

/**
 * Reads OSV records for one release of Debian: one record, a list, or an answer of the service with `vulns`.
 * @param release number of the release, such as "12"
 * @returns undefined if the value has another form
 */
export function vulnerabilitiesOfOsv(value: unknown, release: string): Vulnerability[] | undefined {
  const { data } = listSchema.safeParse(value);
  return data?.flatMap((record) => {
    if (record.withdrawn !== undefined) return [];
    return (record.affected ?? []).flatMap((affected): Vulnerability[] => {
      const { package: named, ranges, versions = [], ecosystem_specific: specific } = affected;
      if (named === undefined || ![`Debian:${release}`, 'Debian'].includes(named.ecosystem)) return [];
      const severity = gravest([
        ...rated(record.severity),
        ...rated(affected.severity),
        severityOfUrgency(specific?.urgency),
      ]);
      // Each range is judged by itself: the events of one do not end another.
      const all = (ranges ?? [])
        .filter(({ type }) => type === 'ECOSYSTEM')
        .map(({ events }) => eventsOf(events));
      return namesOf(record).flatMap((id) =>
        (all.length === 0 ? [[]] : all).map((events) => ({
          id,
          source: named.name,
          severity,
          events,
          versions,
        })),
      );
    });
  });
}
