import { z } from 'zod';
import { bytesProperty, forProperty, type Weight, weightsOfBom } from '../../version/sbom/weight.ts';
import type { Group, Leaf } from '../look/treemap.ts';
import type { ReportedPackage } from './version-facts.ts';

const schema = z.object({
  components: z.array(
    z.object({
      name: z.string(),
      version: z.string().optional(),
      purl: z.string().optional(),
      licenses: z
        .array(
          z.object({
            license: z.object({ id: z.string().optional(), name: z.string().optional() }).optional(),
            expression: z.string().optional(),
          }),
        )
        .optional(),
      properties: z.array(z.object({ name: z.string(), value: z.string() })).optional(),
    }),
  ),
});

type Component = z.output<typeof schema>['components'][number];

const everyNode = 'every node';
const severalNeedIt = 'several packages';

function packageOf(one: Component, broughtBy: ReadonlyMap<string, string>): ReportedPackage[] {
  const { name, version = '', purl, licenses = [], properties } = one;
  if (purl?.startsWith('pkg:deb/') !== true) return [];
  const known = new Map(properties?.map((property) => [property.name, property.value]));
  const bytes = known.get(bytesProperty);
  const because = known.get(forProperty) === everyNode ? everyNode : (broughtBy.get(name) ?? severalNeedIt);
  return [
    {
      ...{ name, version, because },
      architecture: /[?&]arch=([^&]+)/.exec(purl)?.[1] ?? '',
      bytes: bytes === undefined ? undefined : Number(bytes),
      licences: licenses.flatMap(
        ({ license, expression }) => license?.id ?? license?.name ?? expression ?? [],
      ),
    },
  ];
}

const broughtByOf = (weights: readonly Weight[]): Map<string, string> =>
  new Map(
    weights.flatMap(({ name, brings }) => [
      [name, name] as const,
      ...brings.map((one) => [one.name, name] as const),
    ]),
  );

/**
 * The packages of a version and the sizes of their files in the root, in groups by why they are installed, from the
 * text of its bill of materials; both empty if the text is not one.
 */
export function packagesOfBom(text: string): {
  readonly packages: readonly ReportedPackage[];
  readonly sizes: readonly Group[];
} {
  try {
    const { components } = schema.parse(JSON.parse(text));
    const broughtBy = broughtByOf(weightsOfBom(text));
    const packages = components.flatMap((one) => packageOf(one, broughtBy));
    const groups = new Map<string, Leaf[]>();
    for (const { name, bytes = 0, because } of packages)
      groups.set(because, [...(groups.get(because) ?? []), { name, size: bytes }]);
    const sizes = [...groups].map(([name, leaves]) => ({
      name: name === everyNode ? 'on every node' : name === severalNeedIt ? 'needed by several' : name,
      leaves,
    }));
    return { packages, sizes };
  } catch {
    return { packages: [], sizes: [] };
  }
}
