import { z } from 'zod';

/** A package of a root, as input for its weight. */
export interface WeighedPackage {
  readonly name: string;
  /** Size of its files in the root, before compression. */
  readonly bytes: number;
  /** Names of packages of the root that it needs. */
  readonly needs: readonly string[];
  /** Whether every node has it, whatever its role. */
  readonly shared: boolean;
  /** Whether it is not from the distribution: Mesos, a scheduler. */
  readonly foreign: boolean;
}

/** A package that is installed only because of another one. */
export interface BroughtPackage {
  readonly name: string;
  readonly bytes: number;
  /** Which packages of the root need it directly. */
  readonly because: readonly string[];
}

/** What a package that nothing else needs adds to a root. */
export interface Weight {
  readonly name: string;
  readonly bytes: number;
  readonly foreign: boolean;
  /** What would not be in the root without it, the heaviest first. */
  readonly brings: readonly BroughtPackage[];
  readonly bringsBytes: number;
}

const byName = (a: { readonly name: string }, b: { readonly name: string }): number =>
  a.name < b.name ? -1 : a.name > b.name ? 1 : 0;
const sum = (some: readonly { readonly bytes: number }[]): number =>
  some.reduce((all, { bytes }) => all + bytes, 0);

/** Every package that one needs, directly or through others, including itself. */
function reach(name: string, of: ReadonlyMap<string, WeighedPackage>): ReadonlySet<string> {
  const found = new Set<string>();
  const open = [name];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    if (found.has(next)) continue;
    found.add(next);
    open.push(...(of.get(next)?.needs ?? []).filter((one) => of.has(one)));
  }
  return found;
}

/** The packages that nothing else needs. In a cycle of packages that only need each other, the first by name counts. */
function topsOf(own: readonly WeighedPackage[], of: ReadonlyMap<string, WeighedPackage>): string[] {
  const needed = new Set(own.flatMap(({ name, needs }) => needs.filter((one) => one !== name)));
  const tops = own.filter(({ name }) => !needed.has(name)).map(({ name }) => name);
  const reached = new Set(tops.flatMap((name) => [...reach(name, of)]));
  for (const { name } of own) {
    if (reached.has(name)) continue;
    tops.push(name);
    for (const one of reach(name, of)) reached.add(one);
  }
  return tops;
}

/** What each package that nothing else needs adds to a root beyond what every node has; the heaviest first. */
export function weights(packages: readonly WeighedPackage[]): Weight[] {
  const own = packages.filter(({ shared }) => !shared).toSorted(byName);
  const of = new Map(own.map((one) => [one.name, one]));
  const tops = topsOf(own, of).map((name) => ({ name, needs: reach(name, of) }));
  const times = new Map<string, number>();
  for (const { needs } of tops) for (const one of needs) times.set(one, (times.get(one) ?? 0) + 1);
  return tops
    .flatMap(({ name, needs }): Weight[] => {
      const top = of.get(name);
      if (top === undefined) return [];
      const brings = own
        .filter((one) => one.name !== name && needs.has(one.name) && times.get(one.name) === 1)
        .map((one) => ({
          name: one.name,
          bytes: one.bytes,
          because: own.filter(({ needs: some }) => some.includes(one.name)).map((needer) => needer.name),
        }))
        .sort((a, b) => b.bytes - a.bytes || byName(a, b));
      return [{ name, bytes: top.bytes, foreign: top.foreign, brings, bringsBytes: sum(brings) }];
    })
    .sort((a, b) => b.bytes + b.bringsBytes - (a.bytes + a.bringsBytes) || byName(a, b));
}

const bomSchema = z.object({
  components: z.array(
    z.object({
      'bom-ref': z.string(),
      name: z.string(),
      purl: z.string().optional(),
      properties: z.array(z.object({ name: z.string(), value: z.string() })).optional(),
    }),
  ),
  dependencies: z.array(z.object({ ref: z.string(), dependsOn: z.array(z.string()) })),
});

/**
 * What each package adds, from the text of a bill of materials that bomText wrote; empty if the text does not state the
 * bytes.
 */
export function weightsOfBom(text: string): Weight[] {
  const { components, dependencies } = bomSchema.parse(JSON.parse(text));
  const names = new Map(components.map((one) => [one['bom-ref'], one.name]));
  const needs = new Map(dependencies.map(({ ref, dependsOn }) => [ref, dependsOn]));
  return weights(
    components.flatMap((one): WeighedPackage[] => {
      const known = new Map(one.properties?.map(({ name, value }) => [name, value]));
      const bytes = known.get(bytesProperty);
      if (bytes === undefined) return [];
      return [
        {
          name: one.name,
          bytes: Number(bytes),
          needs: (needs.get(one['bom-ref']) ?? []).flatMap((ref) => names.get(ref) ?? []),
          shared: known.get(forProperty) === 'every node',
          foreign: one.purl?.includes('distro=') !== true,
        },
      ];
    }),
  );
}

/** Properties of a component: bytes of its files in the root; whether every node has it, or only this role. */
export const bytesProperty = 'ingot:bytes';
export const forProperty = 'ingot:for';
