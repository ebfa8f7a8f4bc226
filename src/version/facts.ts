/** The facts about one path: names such as "mode" or "xattrs.security.capability", and values as text. */
export type Facts = ReadonlyMap<string, string>;

/** A fact that differs between two versions, as text. A side that does not have it is omitted. */
export interface FieldDifference {
  readonly name: string;
  readonly stored?: string;
  readonly made?: string;
}

/** Flattens a JSON object, so that every value in it has one name and a text. */
export function factsOf(value: object, prefix = ''): Map<string, string> {
  const facts = new Map<string, string>();
  for (const [key, inner] of Object.entries(value) as [string, unknown][]) {
    const name = `${prefix}${key}`;
    if (typeof inner === 'object' && inner !== null) {
      for (const [deep, text] of factsOf(inner, `${name}.`)) facts.set(deep, text);
    } else facts.set(name, key === 'mtime' ? timeText(inner) : String(inner));
  }
  return facts;
}

function timeText(seconds: unknown): string {
  if (typeof seconds !== 'number' || !Number.isFinite(seconds) || Math.abs(seconds) > 8.64e12)
    return String(seconds);
  return `${new Date(seconds * 1000).toISOString().replace('.000Z', 'Z')} (${seconds})`;
}

/** The facts that differ between two sides, in the order of their first appearance. */
export function differentFacts(stored: Facts, made: Facts): FieldDifference[] {
  const names = [...new Set([...stored.keys(), ...made.keys()])];
  return names
    .filter((name) => stored.get(name) !== made.get(name))
    .map((name) => {
      const [before, after] = [stored.get(name), made.get(name)];
      return {
        name,
        ...(before === undefined ? {} : { stored: before }),
        ...(after === undefined ? {} : { made: after }),
      };
    });
}
