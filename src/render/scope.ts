/** A value that cannot be known: the item of an empty list, or anything below a null in a branch that is not taken. */
export const unknownValue: unique symbol = Symbol('unknown');

/**
 * The meaning of names at one place of a template: the context at that place, the outer contexts, and the names that
 * blocks define.
 */
export interface Scope {
  readonly value: unknown;
  readonly outer: Scope | undefined;
  readonly named: ReadonlyMap<string, unknown>;
  /** @index, @key, … */
  readonly data: ReadonlySet<string>;
}

export type FoundValue = { readonly value: unknown } | { readonly missing: string };

/** The scope of a whole template. */
export function outermost(context: object): Scope {
  return { value: context, outer: undefined, named: new Map(), data: new Set() };
}

/** The scope inside `{{#each}}` for one item. */
export function eachScope(
  outer: Scope,
  item: unknown,
  names: readonly string[],
  key: string | number,
): Scope {
  const named = new Map(outer.named);
  [item, key].forEach((value, position) => {
    const name = names[position];
    if (name !== undefined) named.set(name, value);
  });
  return { value: item, outer, named, data: new Set(['index', 'key', 'first', 'last']) };
}

/**
 * Resolves a path of a template. `taken` is whether the branch that contains it is executed. In a branch that is not
 * taken, anything below a null is unknown.
 */
export function lookUp(scope: Scope, path: hbs.AST.PathExpression, taken: boolean): FoundValue {
  const [first] = path.parts;
  if (path.data) {
    return scope.data.has(path.parts.join('.')) ? { value: unknownValue } : { missing: path.original };
  }
  const isNamed =
    path.depth === 0 && first !== undefined && !path.original.startsWith('this') && scope.named.has(first);
  let value = isNamed ? scope.named.get(first) : up(scope, path.depth);
  for (const [position, part] of path.parts.entries()) {
    if (isNamed && position === 0) continue;
    if (value === unknownValue || (value === null && !taken)) return { value: unknownValue };
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, part)) return { missing: part };
    value = (value as Readonly<Record<string, unknown>>)[part];
  }
  return value === undefined ? { missing: path.parts.at(-1) ?? path.original } : { value };
}

function up(scope: Scope, depth: number): unknown {
  let at: Scope | undefined = scope;
  for (let step = 0; step < depth; step += 1) at = at?.outer;
  return at?.value;
}
