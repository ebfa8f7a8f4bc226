import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { bomName } from '../../version/sbom/bom.ts';

const componentSchema = z.object({
  type: z.string(),
  name: z.string(),
  version: z.string().optional(),
  purl: z.string().optional(),
  properties: z.array(z.object({ name: z.string(), value: z.string() })).optional(),
});
const bomSchema = z.object({ components: z.array(componentSchema) });

/** The source packages of a version, and the release of Debian that they are from. */
export interface ListedSources {
  /** Number of the release; undefined for one that has none yet. */
  readonly release: string | undefined;
  readonly sources: readonly ListedSource[];
}

/** A source package, and the packages of the image that were built from it. */
export interface ListedSource {
  readonly name: string;
  readonly version: string;
  /** Package URLs of the packages that were built from it. */
  readonly purls: readonly string[];
}

function sourceIn({ name, version = '', properties = [] }: z.output<typeof componentSchema>) {
  const of = (key: string) =>
    properties.find((property) => property.name === `aquasecurity:trivy:${key}`)?.value;
  const source = of('SrcName');
  if (source === undefined) return { name, version };
  const [epoch, upstream, revision] = [of('SrcEpoch'), of('SrcVersion') ?? '', of('SrcRelease')];
  const before = epoch === undefined ? '' : `${epoch}:`;
  return { name: source, version: `${before}${upstream}${revision === undefined ? '' : `-${revision}`}` };
}

/**
 * Reads the source packages of Debian from the bill of materials of a version.
 * @param folder absolute path of the version
 * @returns undefined if it has no bill of materials that ingot wrote
 */
export async function listedSources(folder: string): Promise<ListedSources | undefined> {
  let value: unknown;
  try {
    value = JSON.parse(await readFile(join(folder, bomName), 'utf8'));
  } catch {
    return undefined;
  }
  const { data } = bomSchema.safeParse(value);
  const system = data?.components.find(({ type }) => type === 'operating-system');
  if (data === undefined || system === undefined) return undefined;
  const packages = data.components.filter(({ purl }) => purl?.startsWith('pkg:deb/debian/') === true);
  const sources = new Map<string, ListedSource>();
  for (const one of packages) {
    const { name, version } = sourceIn(one);
    const key = `${name} ${version}`;
    const purls = [...(sources.get(key)?.purls ?? []), ...(one.purl === undefined ? [] : [one.purl])];
    sources.set(key, { name, version, purls });
  }
  return { release: system.version, sources: [...sources.values()] };
}
