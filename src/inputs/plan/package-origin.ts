import { isFlat } from '../cluster-spec/flat-rules.ts';
import { clusterd } from '../cluster-spec/presets/clusterd.ts';
import { type SchedulerName, schedulers } from '../cluster-spec/schedulers.ts';
import type { PackageOrigin } from '../cluster-spec/schema.ts';
import { aptUrl } from '../url/canonical-url.ts';
import type { AptSource, LocalDeb, Plan } from './plan.ts';
import { resolvePath } from './resolve-path.ts';

export type Product = 'mesos' | SchedulerName;

/** What a product adds to a plan: a .deb, or an apt source and the package to install from it. */
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

/** Returns the package name of a product in a layout. */
function packageName(product: Product, layout: Plan['layout']): string {
  return product === 'mesos' ? packageNames[layout] : schedulers[product].package;
}

function isUrl(place: string): boolean {
  return /^https?:/.test(place);
}

/**
 * Returns the names that the package in a .deb may have: the one in the spec, else any name under which the product is
 * packaged.
 */
function acceptedNames(product: Product, origin: PackageOrigin): readonly string[] {
  if (origin.package !== undefined) return [origin.package];
  return product === 'mesos' ? Object.values(packageNames) : [schedulers[product].package];
}

/** Converts an apt source of the spec, for some of its suites. */
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

/**
 * Returns where Mesos or a scheduler comes from according to the spec. Relative paths are resolved against the spec's
 * folder.
 */
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
