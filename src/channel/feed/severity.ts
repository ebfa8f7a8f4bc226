/** Severities, from the least to the gravest. */
export const severities = ['none', 'low', 'medium', 'high', 'critical'] as const;
export type Severity = (typeof severities)[number];

/** The rank of a severity; one that is not known has none. */
export const rankOf = (severity: Severity | undefined): number =>
  severity === undefined ? -1 : severities.indexOf(severity);

/** The gravest of several severities; undefined if none of them is known. */
export function gravest(all: readonly (Severity | undefined)[]): Severity | undefined {
  return all.reduce((a, b) => (rankOf(b) > rankOf(a) ? b : a), undefined);
}

const urgencies: Readonly<Record<string, Severity>> = {
  unimportant: 'none',
  low: 'low',
  medium: 'medium',
  high: 'high',
  critical: 'critical',
};

/**
 * The severity in Debian's word for the urgency of a fix ("medium**": exploitable over the network). "not yet assigned"
 * and "end-of-life" are not severities. Source: the security tracker's lib/python/bugs.py.
 */
export function severityOfUrgency(urgency: string | undefined): Severity | undefined {
  return urgencies[(urgency ?? '').replace(/\*+$/, '').trim().toLowerCase()];
}
