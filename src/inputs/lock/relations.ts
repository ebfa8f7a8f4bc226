import { compareDebianVersions } from './compare-versions.ts';

type Operator = '<<' | '<=' | '=' | '>=' | '>>';

/** A dependency on certain versions of a package (deb-control(5), Depends; Debian policy 7.1). */
export interface Relation {
  readonly name: string;
  readonly version?: { readonly operator: Operator; readonly than: string };
}

function relationOf(text: string): Relation | undefined {
  const [, name, operator, than] =
    /^([a-z0-9][a-z0-9+.-]+)(?::[a-z0-9-]+)?\s*(?:\(\s*(<<|<=|=|>=|>>|<|>)\s*([^\s)]+)\s*\))?$/i.exec(
      text.trim(),
    ) ?? [];
  if (name === undefined) return undefined;
  if (operator === undefined || than === undefined) return { name };
  // deb-control(5): "<" and ">" in old packages mean "<=" and ">=".
  const full = operator === '<' || operator === '>' ? (`${operator}=` as Operator) : (operator as Operator);
  return { name, version: { operator: full, than } };
}

/**
 * Parses a field of relations. Each group lists alternatives, one of which is enough. Relations in an unknown format
 * are ignored: apt decides, and this is only for explanations.
 */
export function readRelations(field: string | undefined): Relation[][] {
  return (field ?? '')
    .split(',')
    .map((group) => group.split('|').flatMap((one) => relationOf(one) ?? []))
    .filter((group) => group.length > 0);
}

/** Reports whether a relation accepts a version. A relation without a version accepts any. */
export function acceptsVersion({ version }: Relation, actual: string): boolean {
  if (version === undefined) return true;
  const order = compareDebianVersions(actual, version.than);
  switch (version.operator) {
    case '<<':
      return order < 0;
    case '<=':
      return order <= 0;
    case '=':
      return order === 0;
    case '>=':
      return order >= 0;
    case '>>':
      return order > 0;
  }
}

/** Returns a relation as control files write it. */
export function relationText({ name, version }: Relation): string {
  return version === undefined ? name : `${name} (${version.operator} ${version.than})`;
}
