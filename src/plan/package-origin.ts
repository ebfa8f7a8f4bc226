import type { Origin } from '../spec/schema.ts';
import { resolvePath } from './resolve-path.ts';
import type { AptSource, LocalDeb, Plan } from './plan.ts';

export type Product = 'mesos' | 'marathon';

/** What a product adds to a plan: a .deb, or an apt source and the package to take from it. */
export interface FromOrigin {
  readonly debs: readonly LocalDeb[];
  readonly sources: readonly AptSource[];
  readonly packages: readonly string[];
}

// Mesosphere's own names, and the one of clusterd's repository.
const packageNames = {
  mesosphere: { mesos: 'mesos', marathon: 'marathon' },
  clusterd: { mesos: 'aventer-mesos', marathon: 'marathon' },
} as const satisfies Record<Plan['layout'], Record<Product, string>>;

function isUrl(place: string): boolean {
  return /^https?:/.test(place);
}

/** Why apt believes a source that the spec names: the key that signs it, or the spec's word. */
export function beliefIn(
  source: { readonly key?: string | undefined },
  specFolder: string,
): Pick<AptSource, 'signedBy' | 'trusted'> {
  return source.key === undefined ? { trusted: true } : { signedBy: resolvePath(specFolder, source.key) };
}

/** Where Mesos or Marathon comes from, as the spec says; relative paths are resolved against the spec's folder. */
export function fromOrigin(
  product: Product,
  origin: Origin,
  layout: Plan['layout'],
  specFolder: string,
): FromOrigin {
  const debs: LocalDeb[] = [];
  const sources: AptSource[] = [];
  const packages: string[] = [];
  if (origin.deb !== undefined) {
    const from = isUrl(origin.deb) ? origin.deb : resolvePath(specFolder, origin.deb);
    debs.push({ name: product, from, ...(origin.sha256 === undefined ? {} : { sha256: origin.sha256 }) });
  }
  if (origin.source !== undefined) {
    const { url, suite, components } = origin.source;
    const belief = beliefIn(origin.source, specFolder);
    sources.push({ uris: [url], suites: [suite], components, ...belief, label: product });
    const name = origin.package ?? packageNames[layout][product];
    packages.push(origin.version === undefined ? name : `${name}=${origin.version}`);
  }
  return { debs, sources, packages };
}
