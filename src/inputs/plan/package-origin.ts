import { isFlat } from '../cluster-spec/flat-rules.ts';
import { clusterd } from '../cluster-spec/presets/clusterd.ts';
import { type SchedulerName, schedulers } from '../cluster-spec/schedulers.ts';
import type { PackageOrigin } from '../cluster-spec/schema.ts';
import { aptUrl } from '../url/canonical-url.ts';
import type { AptSource, LocalDeb, Plan } from './plan.ts';
import { resolvePath } from './resolve-path.ts';

export type Product = 'mesos' | SchedulerName;

/** What a product adds to a plan: a .deb, or an apt source and the package to take from it. */
export interface FromOrigin {
  readonly debs: readonly LocalDeb[];
  readonly sources: readonly AptSource[];
  readonly packages: readonly string[];
}

// Mesosphere's own names, and the one of clusterd's repository.
const packageNames = {
  mesosphere: 'mesos',
  clusterd: clusterd.package,
} as const satisfies Record<Plan['layout'], string>;

/** What the package of a product is called where it is laid out so. */
function packageName(product: Product, layout: Plan['layout']): string {
  return product === 'mesos' ? packageNames[layout] : schedulers[product].package;
}

function isUrl(place: string): boolean {
  return /^https?:/.test(place);
}

/** What the package of a .deb may be called: what the spec says, else any name that the product is packaged under. */
function acceptedNames(product: Product, origin: PackageOrigin): readonly string[] {
  if (origin.package !== undefined) return [origin.package];
  return product === 'mesos' ? Object.values(packageNames) : [schedulers[product].package];
}

/** An apt source that the spec names, for some suites of it. */
export function sourceOf(
  source: {
    readonly url: string;
    readonly components?: readonly string[] | undefined;
    readonly key?: string | undefined;
    readonly validUntil?: boolean | undefined;
  },
  suites: readonly string[],
  specFolder: string,
): AptSource {
  return {
    uris: [aptUrl(source.url)],
    suites,
    components: source.components ?? (suites.some(isFlat) ? [] : ['main']),
    ...(source.key === undefined ? { trusted: true } : { signedBy: resolvePath(specFolder, source.key) }),
    ...(source.validUntil === false ? { validUntil: false } : {}),
  };
}

/** Where Mesos or a scheduler comes from, as the spec says; relative paths are resolved against the spec's folder. */
export function fromOrigin(
  product: Product,
  origin: PackageOrigin,
  layout: Plan['layout'],
  specFolder: string,
): FromOrigin {
  const debs: LocalDeb[] = [];
  const sources: AptSource[] = [];
  const packages: string[] = [];
  if (origin.deb !== undefined) {
    const from = isUrl(origin.deb) ? aptUrl(origin.deb) : resolvePath(specFolder, origin.deb);
    const sha256 = origin.sha256 === undefined ? {} : { sha256: origin.sha256 };
    debs.push({ name: product, packages: acceptedNames(product, origin), from, ...sha256 });
  }
  if (origin.source !== undefined) {
    sources.push({ ...sourceOf(origin.source, [origin.source.suite], specFolder), label: product });
    const name = origin.package ?? packageName(product, layout);
    packages.push(origin.version === undefined ? name : `${name}=${origin.version}`);
  }
  return { debs, sources, packages };
}
