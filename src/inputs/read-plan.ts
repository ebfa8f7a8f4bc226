import { createHash } from 'node:crypto';
import { basename, join, normalize } from 'node:path';
import type { Host } from '../host/host.ts';
import { projectFolder } from '../host/project-folder.ts';
import { hostAptSources } from './apt/apt-sources.ts';
import { rememberedAptSources } from './apt/remembered-sources.ts';
import { checkAgainstImages } from './check-against-images.ts';
import { namedFiles } from './cluster-spec/named-files.ts';
import { parseSpec } from './cluster-spec/parse-spec.ts';
import type { Spec } from './cluster-spec/schema.ts';
import { credentialsIn } from './credentials-in.ts';
import { findLayers } from './fetched-layers/locked-layers.ts';
import { checkSuite } from './known-suites.ts';
import { loadImages } from './load-images.ts';
import { loadPlacedFiles } from './load-placed-files.ts';
import { loadNamedFiles, loadSpec } from './load-spec.ts';
import { epochOf, type Lock, type LockedLayer } from './lock/lock.ts';
import { readLock } from './lock-file-of.ts';
import { imageLayers } from './plan/image-layers.ts';
import { makePlan } from './plan/make-plan.ts';
import { allRoles, type Plan } from './plan/plan.ts';
import { defaultPool } from './pool/pool.ts';
import { loadSiteLayers } from './site-layers/load-site-layers.ts';
import type { Credentials } from './url/credentials.ts';

export interface ReadPlan {
  readonly spec: Spec;
  /** Digest of the spec's file, 64 hexadecimal digits. */
  readonly specSha256: string;
  readonly plan: Plan;
  /**
   * Credentials for the servers that the spec and the sources of this machine name. They are not part of the plan,
   * which is logged.
   */
  readonly credentials: readonly Credentials[];
  /** The lock next to the spec, if there is one. It may be for an older version of the spec. */
  readonly lock: Lock | undefined;
}

export interface ReadPlanOptions {
  /** Absolute folder in which apt's answers are cached; without it apt is run every time. */
  readonly remember?: string | undefined;
  /** Whether the roots are compressed as for a release. */
  readonly release?: boolean;
  /** Returns the pool, absolute; by default that of the environment. Called only for a spec that fetches layers. */
  readonly pool?: () => string;
  /** Layers that were just fetched, in place of those of the lock. */
  readonly layers?: readonly LockedLayer[];
}

/** The date of a plan that is only displayed, before there is a lock. */
const noDate = Date.UTC(1980, 0, 1) / 1000;

function sourcesOf(host: Host, { base }: Spec, remember: string | undefined) {
  return remember === undefined
    ? hostAptSources(host, base.suite, base.architecture)
    : rememberedAptSources(host, base.suite, base.architecture, { folder: remember });
}

/**
 * Reads a spec, its lock and all files that it names, and makes the plan.
 * @param specFile as the user named it
 * @throws IngotError wrong-spec with every error of the spec
 * @throws IngotError wrong-layer with every error of its layers
 * @throws IngotError wrong-lock or wrong-pool for a layer that was not fetched
 */
export async function readPlan(
  host: Host,
  specFile: string,
  options: ReadPlanOptions = {},
): Promise<ReadPlan> {
  const { remember, release = false, pool = () => defaultPool(process.env), layers } = options;
  const loaded = await loadSpec(specFile);
  const spec = parseSpec(loaded.text, specFile, host.warn);
  const lock = await readLock(specFile);
  const named = namedFiles(spec);
  // A locked .deb is in the pool, wherever its file is now.
  const locked = new Set(lock?.packages.master.concat(lock.packages.slave).map(({ path }) => path));
  const present = named.present.filter((name) => !locked.has(normalize(name)) && !locked.has(basename(name)));
  const { texts, trees } = await loadPlacedFiles(loaded, named.placed);
  const contents = new Map([...texts, ...(await loadNamedFiles(loaded, { ...named, present }))]);
  const [imagesFolder, toolsFolder] = [join(projectFolder, 'images'), join(projectFolder, 'node-tools')];
  await checkSuite(spec, loaded, imagesFolder);
  const names = allRoles.flatMap((role) => imageLayers(role, spec));
  const ours = await loadImages(imagesFolder, [...new Set(names)], toolsFolder);
  const found = await findLayers(loaded, spec, { lock, layers, pool });
  const images = [...ours, ...(await loadSiteLayers(loaded, spec, found.folders))];
  const aptSources = spec.base.mirror === undefined ? await sourcesOf(host, spec, remember) : [];
  const epoch = lock === undefined ? noDate : epochOf(lock);
  const files = { contents, trees, specFile: loaded };
  const made = makePlan({ spec, specFolder: loaded.folder, images, aptSources, epoch, ...files, release });
  const fetched = found.layers.length === 0 ? made : { ...made, fetchedLayers: found.layers };
  const plan = await checkAgainstImages(fetched, spec, loaded, trees);
  const specSha256 = createHash('sha256').update(loaded.text).digest('hex');
  return { spec, specSha256, plan, lock, credentials: credentialsIn(spec, aptSources) };
}
