import { z } from 'zod';
import { severityOfUrgency } from './severity.ts';
import type { Vulnerability } from './vulnerability.ts';

// Source: https://security-tracker.debian.org/tracker/data/json
const releaseSchema = z.object({
  status: z.enum(['open', 'resolved', 'undetermined']),
  fixed_version: z.string().optional(),
  urgency: z.string().optional(),
});
const issueSchema = z.object({ releases: z.record(z.string(), releaseSchema) });
const trackerSchema = z.record(z.string(), z.record(z.string(), issueSchema));

/** The names of Debian's releases by their numbers. */
const codenames: Readonly<Record<string, string>> = {
  '11': 'bullseye',
  '12': 'bookworm',
  '13': 'trixie',
  '14': 'forky',
};

/**
 * Reads the data of Debian's security tracker for one release.
 * @param release number of the release, such as "12"
 * @returns undefined if the value is not data of the tracker
 */
export function vulnerabilitiesOfTracker(value: unknown, release: string): Vulnerability[] | undefined {
  const { data } = trackerSchema.safeParse(value);
  if (data === undefined || Object.keys(data).length === 0) return undefined;
  const codename = codenames[release] ?? 'sid';
  return Object.entries(data).flatMap(([source, issues]) =>
    Object.entries(issues).flatMap(([id, { releases }]) => {
      const found = releases[codename];
      if (found === undefined) return [];
      const { status, fixed_version: fixed, urgency } = found;
      // "0": no version of this release was ever vulnerable.
      const events = [{ introduced: '0' }, ...(status === 'resolved' ? [{ fixed: fixed ?? '0' }] : [])];
      const severity = status === 'undetermined' ? undefined : severityOfUrgency(urgency);
      return [{ id, source, severity, events, versions: [] }];
    }),
  );
}
