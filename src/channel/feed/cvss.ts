import type { Severity } from './severity.ts';

// Metric values of the base score: FIRST, CVSS v3.1 specification, section 7.4.
const values: Readonly<Record<string, Readonly<Record<string, number>>>> = {
  AV: { N: 0.85, A: 0.62, L: 0.55, P: 0.2 },
  AC: { L: 0.77, H: 0.44 },
  UI: { N: 0.85, R: 0.62 },
  C: { H: 0.56, L: 0.22, N: 0 },
  I: { H: 0.56, L: 0.22, N: 0 },
  A: { H: 0.56, L: 0.22, N: 0 },
};
const privileges: Readonly<Record<string, Readonly<Record<string, number>>>> = {
  U: { N: 0.85, L: 0.62, H: 0.27 },
  C: { N: 0.85, L: 0.68, H: 0.5 },
};

/** Rounds up to one decimal without an error of floating point (appendix A). */
function roundUp(score: number): number {
  const whole = Math.round(score * 100_000);
  return whole % 10_000 === 0 ? whole / 100_000 : (Math.floor(whole / 10_000) + 1) / 10;
}

/** The base score of a CVSS vector, version 3.0 or 3.1; undefined for a text of another form. */
export function baseScore(vector: string): number | undefined {
  const [head = '', ...words] = vector.trim().split('/');
  if (!/^CVSS:3\.[01]$/.test(head)) return undefined;
  const metrics = new Map(words.map((word) => [word.split(':')[0] ?? '', word.split(':')[1] ?? '']));
  const scope = metrics.get('S') ?? '';
  const of = (name: string): number => values[name]?.[metrics.get(name) ?? ''] ?? NaN;
  const impactBase = 1 - (1 - of('C')) * (1 - of('I')) * (1 - of('A'));
  const changed = scope === 'C';
  const impact = changed ? 7.52 * (impactBase - 0.029) - 3.25 * (impactBase - 0.02) ** 15 : 6.42 * impactBase;
  const needed = privileges[scope]?.[metrics.get('PR') ?? ''] ?? NaN;
  const exploitability = 8.22 * of('AV') * of('AC') * needed * of('UI');
  const sum = impact + exploitability;
  if (Number.isNaN(sum)) return undefined;
  if (impact <= 0) return 0;
  return roundUp(Math.min(changed ? 1.08 * sum : sum, 10));
}

/** The rating of a CVSS score (section 5). */
export function severityOfScore(score: number | undefined): Severity | undefined {
  if (score === undefined) return undefined;
  if (score === 0) return 'none';
  if (score < 4) return 'low';
  if (score < 7) return 'medium';
  return score < 9 ? 'high' : 'critical';
}
