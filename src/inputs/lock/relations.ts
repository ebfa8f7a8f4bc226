import { compareDebianVersions } from './compare-versions.ts';

type Operator = '<<' | '<=' | '=' | '>=' | '>>';

/** A package that another one asks for, of some versions (deb-control(5), Depends; Debian policy 7.1). */
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
  // deb-control(5): "<" and ">" of old packages mean "<=" and ">=".
  const full = operator === '<' || operator === '>' ? (`${operator}=` as Operator) : (operator as Operator);
  return { name, version: { operator: full, than } };
}

/**
 * Reads a field of relations: what is needed, each as alternatives of which one is enough. What is written in a way that is not understood is left
 * out: apt decides, this is for explaining.
 */
export function readRelations(field: string | undefined): Relation[][] {
  return (field ?? '')
    .split(',')
    .map((group) => group.split('|').flatMap((one) => relationOf(one) ?? []))
    .filter((group) => group.length > 0);
}

/** Whether a version is one that a relation takes; where none is said, any. */
export function takesVersion({ version }: Relation, actual: string): boolean {
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

/** A relation as control files have it. */
export function relationText({ name, version }: Relation): string {
  return version === undefined ? name : `${name} (${version.operator} ${version.than})`;
}
