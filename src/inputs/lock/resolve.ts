import { createHash } from 'node:crypto';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Host } from '../../host/host.ts';
import type { AptSource, Plan, Role } from '../plan/plan.ts';
import { flatRepository } from '../pool/flat-repository.ts';
import { addToPool, isPooled } from '../pool/pool.ts';
import { copyUrl } from '../url/canonical-url.ts';
import type { Credentials } from '../url/credentials.ts';
import { type AptFolder, makeAptFolder } from './apt-folder.ts';
import { type AptIndex, findOffers, type Offer, readIndexes } from './apt-indexes.ts';
import { explainUnmet } from './explain-unmet.ts';
import { fetchPresetKeys } from './fetch-preset-keys.ts';
import { indexTargets } from './index-targets.ts';
import { lockLocalDebs } from './local-debs.ts';
import { groups, localSource, type Lock, type LockedPackage, packageLabel, packagesOf } from './lock.ts';
import { requirementsOf } from './lock-requirements.ts';
import { isoSeconds, readReleases } from './release-files.ts';
import { minimalSystem, type Pins, solve } from './solve.ts';
import { type KeyedSource, readSourcesKeys } from './source-keys.ts';
import { type NamedSource, nameSources } from './source-names.ts';
import { installedStanza } from './stanzas.ts';
import { updateSources } from './update-sources.ts';

export interface ResolveRequest {
  readonly plan: Plan;
  /** Absolute folder of the spec. */
  readonly specFolder: string;
  /** Absolute folder of the pool; the .debs that the spec names are added to it. */
  readonly pool: string;
  /** Absolute folder for apt's state of this run, a plain path. */
  readonly folder: string;
  /** Credentials for the servers of sources and .debs. */
  readonly credentials: readonly Credentials[];
  /** Absolute folder in which apt's indexes are kept for the next run. */
  readonly warm?: string;
  /** The lock whose versions are kept as far as possible. */
  readonly keep?: Lock;
  /** Packages of that lock to upgrade to the newest version. */
  readonly renew?: readonly string[];
  readonly signal?: AbortSignal;
  readonly onLine?: (line: string) => void;
}

/** The name in errors of packages that only the previous lock and its pool still have. */
const keptName = 'the lock before';

/** A source that ingot writes itself from verified files: it needs no signature. */
function ownSource(folder: string): AptSource {
  return { uris: [copyUrl(folder)], suites: ['./'], components: [], trusted: true };
}

function ownNamed(name: string, folder: string): NamedSource {
  return { name, suite: './', components: [], uri: `${copyUrl(folder)}/`, source: ownSource(folder) };
}

/** Returns the versions of a lock, by name. A package that two roles have in different versions is not pinned. */
function pinsOf(keep: Lock | undefined, renew: readonly string[]): Pins {
  const pins: Pins = new Map();
  const split = new Set<string>();
  for (const { name, version, source } of keep === undefined ? [] : packagesOf(keep)) {
    if (source === localSource) continue;
    if (pins.has(name) && pins.get(name) !== version) split.add(name);
    pins.set(name, version);
  }
  for (const name of [...split, ...renew]) pins.delete(name);
  return pins;
}

/** Creates ingot's own sources: the .debs of the spec, and the packages of the previous lock that are in the pool. */
async function ownSources(
  host: Host,
  request: ResolveRequest,
  local: readonly LockedPackage[],
): Promise<NamedSource[]> {
  const { pool, folder, keep } = request;
  const labelled = (packages: readonly LockedPackage[]) =>
    packages.map((one) => ({ ...one, label: packageLabel(one) }));
  const own: NamedSource[] = [];
  if (local.length > 0) {
    const repository = join(folder, 'local');
    await flatRepository(host, pool, labelled(local), { folder: repository, suite: localSource });
    own.push(ownNamed(localSource, repository));
  }
  const kept = keep === undefined ? [] : packagesOf(keep).filter(({ source }) => source !== localSource);
  const pooled = [];
  for (const one of labelled(kept)) if (await isPooled(pool, one)) pooled.push(one);
  if (pooled.length > 0) {
    const repository = join(folder, 'kept');
    await flatRepository(host, pool, pooled, { folder: repository, suite: 'kept' });
    own.push(ownNamed(keptName, repository));
  }
  return own;
}

/** Converts apt's choice into what a lock records. A package that only the previous lock has is recorded as it was. */
function lockedOf(
  offers: readonly Offer[],
  local: readonly LockedPackage[],
  keep: Lock | undefined,
): LockedPackage[] {
  const before = new Map((keep === undefined ? [] : packagesOf(keep)).map((one) => [one.sha256, one]));
  return offers.map(({ name, version, architecture, size, sha256, source, path }) => {
    const own = source === localSource ? local.find((one) => one.sha256 === sha256) : undefined;
    const kept = source === keptName ? before.get(sha256) : undefined;
    return own ?? kept ?? { name, version, architecture, size, sha256, source, path };
  });
}

async function closures(
  apt: AptFolder,
  request: ResolveRequest,
  indexes: readonly AptIndex[],
  local: ReadonlyMap<string, LockedPackage>,
): Promise<Lock['packages']> {
  const { plan, keep } = request;
  const pins = pinsOf(keep, request.renew ?? []);
  const debs = [...local.values()];
  const offered = async (wanted: readonly string[], what: string): Promise<Offer[]> =>
    findOffers(
      indexes,
      await solve(apt, wanted, what, pins).catch((error: unknown) => {
        throw explainUnmet(error, indexes, wanted, plan);
      }),
    );

  request.onLine?.('both roles');
  const shared = await offered([minimalSystem(plan.base.architecture), ...plan.sharedPackages], 'both roles');
  await apt.setInstalled(shared.map(({ stanza }) => `${installedStanza(stanza)}\n`).join('\n'));
  const found: Record<Role, LockedPackage[]> = { master: [], slave: [] };
  for (const role of plan.roles) {
    request.onLine?.(role.role);
    const own = role.debs.flatMap(({ from }) => {
      const deb = local.get(from);
      return deb === undefined ? [] : [`${deb.name}=${deb.version}`];
    });
    const wanted = [...role.packages, ...own];
    const offers = wanted.length === 0 ? [] : await offered(wanted, `the ${role.role}`);
    found[role.role] = lockedOf(offers, debs, keep);
  }
  return { shared: lockedOf(shared, debs, keep), ...found };
}

/**
 * Lets apt choose every package of both roles, from the sources of a plan and with their signatures checked, and
 * returns the resulting lock. It does not fetch the packages of the sources.
 * @throws IngotError unreachable-source or untrusted-source if a source cannot be read or trusted
 * @throws IngotError unsolvable-packages if packages have conflicting dependencies
 * @throws IngotError wrong-source if sources contradict each other
 */
export async function resolve(host: Host, request: ResolveRequest): Promise<Lock> {
  const { plan, specFolder, folder } = request;
  await mkdir(folder, { recursive: true });
  const fetched = await fetchPresetKeys(host, plan.base.sources, request);
  const keyed = await readSourcesKeys(plan.base.sources, host.now(), fetched);
  const local = await lockLocalDebs(host, request);
  const named = nameSources(plan.base.sources);
  const own = await ownSources(host, request, [...local.values()]);
  const apt = await makeAptFolder(host, join(folder, 'apt'), {
    sources: keyed,
    // Own sources come last, so that a file that a real source still offers is recorded as from that source.
    own: own.map(({ source }) => source),
    credentials: request.credentials,
    architecture: plan.base.architecture,
    ...(request.warm === undefined ? {} : { warm: request.warm }),
    ...(request.signal === undefined ? {} : { signal: request.signal }),
  });
  request.onLine?.('the indexes of the sources');
  await updateSources(host, apt, keyed);
  const targets = await indexTargets(apt, [...nameSources(apt.placed), ...own]);
  const sources = await readReleases(host, join(folder, 'apt'), { sources: named, keyed, targets });
  const packages = await closures(apt, request, await readIndexes(targets), local);
  const newest = Math.max(...sources.map(({ release }) => Date.parse(release.date)));
  const lock: Lock = {
    version: 1,
    date: isoSeconds(newest),
    question: requirementsOf(plan, specFolder),
    sources,
    packages,
  };
  refuseTwice(lock);
  await poolKeys(keyed, request);
  return lock;
}

/** Adds the key files of presets to the pool. */
async function poolKeys(keyed: readonly KeyedSource[], { pool, folder }: ResolveRequest): Promise<void> {
  for (const { source, file } of keyed) {
    if (source.preset === undefined || file === undefined) continue;
    const sha256 = createHash('sha256').update(file.bytes).digest('hex');
    const path = join(folder, sha256);
    await writeFile(path, file.bytes);
    await addToPool(pool, path, { sha256, size: file.bytes.length, label: file.from }, 'copy');
  }
}

/** Checks that no package appears twice within a group. */
function refuseTwice(lock: Lock): void {
  for (const group of groups) {
    const names = lock.packages[group].map(({ name, architecture }) => `${name} ${architecture}`);
    const twice = names.find((name, index) => names.indexOf(name) !== index);
    if (twice !== undefined) throw new Error(`${twice} is twice among the packages of ${group}`);
  }
}
