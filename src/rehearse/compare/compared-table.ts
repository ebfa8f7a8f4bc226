import type { ComparedKind } from './compare-nodes.ts';

/** The paths or names with the same reason; long lists are shortened. */
function namesText(names: readonly string[]): string {
  const shown = names.slice(0, 3).join(', ');
  return names.length > 3 ? `${shown} and ${names.length - 3} more` : shown;
}

function reasonsOf({ allowed }: ComparedKind): Map<string, string[]> {
  const reasons = new Map<string, string[]>();
  for (const { what, why } of allowed) reasons.set(why, [...(reasons.get(why) ?? []), what]);
  return reasons;
}

/** The comparison of two nodes as text for people: one line for each kind of facts, and below it each reason. */
export function comparedTable(names: readonly [string, string], compared: readonly ComparedKind[]): string {
  const width = Math.max(...compared.map(({ kind }) => kind.length));
  const head = `${`${names[0]} and ${names[1]}`.padEnd(width)}   equal  allowed  refused`;
  const rows = compared.flatMap((one) => [
    [
      one.kind.padEnd(width),
      String(one.equal).padStart(7),
      String(one.allowed.length).padStart(8),
      String(one.refused.length).padStart(8),
    ].join(' '),
    ...[...reasonsOf(one)].map(([why, whats]) => `    may differ: ${namesText(whats)} (${why})`),
    ...one.refused.map((text) => `    MUST NOT DIFFER: ${text}`),
  ]);
  return [head, ...rows, ''].join('\n');
}
