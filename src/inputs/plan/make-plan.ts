import { presets } from '../cluster-spec/presets/all-presets.ts';
import type { Additions, Spec } from '../cluster-spec/schema.ts';
import { normalSysctl } from '../cluster-spec/sysctl-rules.ts';
import { roles } from '../roles.ts';
import { targetNames } from '../targets/all-targets.ts';
import { canonicalUrl, withoutUser } from '../url/canonical-url.ts';
import type { LocatedFile } from '../yaml/located-error.ts';
import { contributionsOf } from './contributions.ts';
import { type ImageFolder, isSharedLayer, type Layer, layersOf, readLayers } from './layer.ts';
import { mergeChecks, mergeMemory, mergeSteps, mergeTemplates, mergeUnits } from './merge-layers.ts';
import { mergePackages } from './merge-packages.ts';
import { type FromOrigin, fromOrigin, sourceOf } from './package-origin.ts';
import { type FolderFiles, placedFiles } from './placed-files.ts';
import { allRoles, type AptSource, compressionLevels, type Plan, type Role, type RolePlan } from './plan.ts';
import { fromPreset } from './preset-source.ts';
import { seedSettings } from './seed-settings.ts';
import { specLayer } from './spec-layer.ts';
import { trustedKeys } from './trusted-keys.ts';

/** Everything that a plan is made from, as values. */
export interface PlanInput {
  readonly spec: Spec;
  /** Absolute; relative paths of the spec are resolved against it. */
  readonly specFolder: string;
  /** The spec's file, for the places in errors. */
  readonly specFile?: LocatedFile;
  /** The folders found below images/, and the layers of the spec in their order. */
  readonly images: readonly ImageFolder[];
  /** The build host's own apt sources of the suite; used if the spec names no mirror. */
  readonly aptSources: readonly AptSource[];
  /** Seconds since 1970; no timestamp in an image is later. */
  readonly epoch: number;
  /** The text of each file that the spec names with `from`, under that name. */
  readonly contents: ReadonlyMap<string, string>;
  /** The files and folders that the spec names with `from` and that are not text, under that name. */
  readonly trees?: ReadonlyMap<string, FolderFiles>;
  /** Compress as for a release. */
  readonly release?: boolean;
}

/** What Mesos adds to each role, and the scheduler to the masters. */
interface Products {
  readonly mesos: FromOrigin;
  readonly scheduler: FromOrigin;
}

const nothing: FromOrigin = { debs: [], sources: [], packages: [] };

const kernels = { cloud: 'linux-image-cloud-amd64', generic: 'linux-image-amd64' } as const;

/** Returns how many masters must agree: more than half of them. */
export function quorumOf(masters: number): number {
  return Math.floor(masters / 2) + 1;
}

/** Converts an amount of memory to MiB: "2GiB" is 2048, "512MiB" is 512. */
function mebibytes(memory: string): number {
  return Number.parseInt(memory, 10) * (memory.endsWith('GiB') ? 1024 : 1);
}

function baseSources(
  { base }: Spec,
  specFolder: string,
  hostSources: readonly AptSource[],
): readonly AptSource[] {
  if (base.mirror === undefined)
    return hostSources.map((source) => ({ ...source, uris: source.uris.map(withoutUser) }));
  return [sourceOf(base.mirror, base.mirror.suites ?? [base.suite], specFolder)];
}

/** Removes duplicates: sources that are named twice (Mesos and its scheduler from one repository) are read once. */
function distinct(sources: readonly AptSource[]): readonly AptSource[] {
  const first = new Map<string, AptSource>();
  for (const source of sources) {
    const key = JSON.stringify({ ...source, uris: source.uris.map(canonicalUrl), label: undefined });
    if (!first.has(key)) first.set(key, source);
  }
  return [...first.values()];
}

function schedulerOrigin(spec: Spec, specFolder: string): FromOrigin {
  const { scheduler, layout } = spec;
  const origin = scheduler === 'none' ? undefined : spec[scheduler];
  return scheduler === 'none' || origin === undefined
    ? nothing
    : fromOrigin(scheduler, origin, layout, specFolder);
}

function mesosOrigin({ mesos, layout, base }: Spec, specFolder: string): FromOrigin {
  return mesos.preset === undefined
    ? fromOrigin('mesos', mesos, layout, specFolder)
    : fromPreset(presets[mesos.preset], mesos, base.suite, specFolder);
}

function mergeSysctls(layers: readonly Layer[], additions: readonly Additions[]): Record<string, string> {
  const settings = [
    ...layers.map(({ definition }) => definition.sysctls),
    ...additions.map(({ sysctls }) => sysctls),
  ];
  const merged = Object.assign({}, ...settings) as Record<string, string | number>;
  return Object.fromEntries(
    Object.entries(merged)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([key, value]) => [key, normalSysctl(value)]),
  );
}

/** Returns the units and checks that the sections of the spec have themselves. */
function sectionsOf(role: Role | undefined, { spec, specFile }: PlanInput): Layer[] {
  const file = specFile ?? { text: '', fileName: 'cluster.yaml' };
  const parts = role === undefined ? allRoles : [role];
  return (['common', ...parts] as const).map((part) => specLayer(spec, part, file));
}

/** Returns the parts of a plan that come from the layers of the spec. */
function sitePart(layers: readonly Layer[], input: PlanInput): Partial<Plan> {
  const ours = layers.filter(({ site }) => site === undefined);
  const sites = layers.filter((layer) => layer.site !== undefined);
  const templates = mergeTemplates(sites);
  const contributions = contributionsOf(ours, [...sites, ...sectionsOf(undefined, input)]);
  return {
    ...(sites.length === 0
      ? {}
      : { siteLayers: sites.flatMap(({ name, folder, site }) => (site ? { name, folder, ...site } : [])) }),
    ...(Object.keys(templates).length === 0 ? {} : { templates }),
    ...(contributions.length === 0 ? {} : { contributions }),
  };
}

function planRole(
  role: Role,
  layers: readonly Layer[],
  { shared, products }: { readonly shared: readonly string[]; readonly products: Products },
  input: PlanInput,
): RolePlan {
  const { spec } = input;
  const additions = [spec.common, spec[role]];
  const own = layers.filter((layer) => !isSharedLayer(layer));
  const declared = [...layers, ...sectionsOf(role, input)];
  const definitions = layers.map(({ definition }) => definition);
  const packages = [
    ...own.flatMap(({ definition }) => definition.packages),
    ...spec[role].packages,
    ...(roles[role].hasScheduler ? products.scheduler.packages : []),
  ];
  const units = mergeUnits(declared);
  return {
    role,
    packages: mergePackages(packages, shared),
    debs: [...products.mesos.debs, ...(roles[role].hasScheduler ? products.scheduler.debs : [])],
    layers: layers.flatMap(({ hasRootfs, folder, tools = [] }) => [
      ...(hasRootfs ? [`${folder}/rootfs`] : []),
      ...tools,
    ]),
    files: [
      ...placedFiles(additions, input.contents, input.trees),
      ...trustedKeys('updates.keys', spec.updates.keys, input.contents),
      ...trustedKeys('seed.keys', spec.seed.keys, input.contents),
    ],
    steps: mergeSteps(layers),
    unitsOn: units.on,
    unitsMasked: units.masked,
    kernelArguments: [...new Set([...definitions, ...additions].flatMap((from) => from.kernelArguments))],
    modules: [...new Set([...definitions, ...additions].flatMap(({ modules }) => modules))].sort(),
    sysctls: mergeSysctls(layers, additions),
    checks: mergeChecks(declared),
    debconf: spec[role].debconf,
    setuid: [...definitions, ...additions].flatMap(({ setuid }) => setuid),
    leaveOut: (['common', role] as const).flatMap((part) =>
      spec[part].leaveOut.map((one, index) => ({ ...one, at: [part, 'leaveOut', index] as const })),
    ),
    memoryMiB: mergeMemory(layers),
    compressionLevel: input.release === true ? compressionLevels.release : compressionLevels.quick,
  };
}

/**
 * Makes the plan of a bake from images/ and the spec, with every default filled in and every path absolute.
 * @throws IngotError wrong-images if images/ contradicts itself or an image.yaml has errors
 */
export function makePlan(input: PlanInput): Plan {
  const { spec, specFolder } = input;
  const layers = readLayers(input.images);
  const roleLayers = allRoles.map((role) => ({ role, layers: layersOf(role, spec, layers) }));
  const products = {
    mesos: mesosOrigin(spec, specFolder),
    scheduler: schedulerOrigin(spec, specFolder),
  };
  const sharedLayers = new Set(
    roleLayers.flatMap((role) => role.layers).filter((layer) => isSharedLayer(layer)),
  );
  const sharedPackages = mergePackages([
    kernels[spec.base.kernel],
    ...[...sharedLayers].flatMap(({ definition }) => definition.packages),
    ...spec.common.packages,
    ...products.mesos.packages,
  ]);
  return {
    cluster: spec.cluster,
    masters: spec.masters,
    quorum: quorumOf(spec.masters.length),
    layout: spec.layout,
    scheduler: spec.scheduler,
    targets: targetNames.filter((target) => spec.targets.includes(target)),
    base: {
      distribution: spec.base.distribution,
      suite: spec.base.suite,
      architecture: spec.base.architecture,
      sources: distinct([
        ...baseSources(spec, specFolder, input.aptSources),
        ...products.mesos.sources,
        ...products.scheduler.sources,
      ]),
    },
    sharedPackages,
    debconf: spec.common.debconf,
    roles: roleLayers.map(({ role, layers: own }) =>
      planRole(role, own, { shared: sharedPackages, products }, input),
    ),
    ...sitePart(layers, input),
    guest: {
      cpus: spec.guest.cpus,
      memoryMiB: mebibytes(spec.guest.memory),
      timeoutMinutes: spec.guest.timeoutMinutes,
    },
    confirmMinutes: spec.updates.confirmMinutes,
    data: spec.data ?? null,
    seed: seedSettings(spec.seed, input.contents),
    epoch: input.epoch,
  };
}
