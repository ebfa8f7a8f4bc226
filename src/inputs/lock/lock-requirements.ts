import { basename, relative } from 'node:path';
import type { FetchedLayer, LayerOrigin, LocalDeb, Plan, Role } from '../plan/plan.ts';
import { allRoles } from '../roles.ts';
import { isUrl } from '../url/canonical-url.ts';
import type { Lock, LockRequirements } from './lock.ts';
import { nameSources } from './source-names.ts';

/**
 * Returns the name of a .deb's file in a lock: its path relative to the spec if it is below the spec's folder, else
 * (also for a URL) its base name.
 */
export function debFile(deb: LocalDeb, specFolder: string): string {
  if (isUrl(deb.from)) return basename(new URL(deb.from).pathname);
  const path = relative(specFolder, deb.from);
  return path.startsWith('..') ? basename(deb.from) : path;
}

/** Returns what the lock was asked about a fetched layer, with the keys in the order in which a lock has them. */
export function originOf({
  name,
  git,
  ref,
  archive,
  sha256,
  folder,
}: LayerOrigin | FetchedLayer): LayerOrigin {
  const all = { name, git, ref, archive, sha256, folder };
  return Object.fromEntries(
    Object.entries(all).filter(([, value]) => value !== undefined),
  ) as unknown as LayerOrigin;
}

/** Returns where a layer comes from in one line: "monitoring: https://git.example.org/site.git v1.4.0". */
export function layerOriginText({ name, git, ref, archive, sha256, folder }: LayerOrigin): string {
  const words = [git ?? archive, ref, folder && `folder ${folder}`, sha256 && `sha256 ${sha256}`];
  return `${name}: ${words.filter((word) => word !== undefined).join(' ')}`;
}

/** Returns how the layers of a spec differ from those that a lock was made for, one per line. */
export function layerChanges(
  before: readonly LayerOrigin[] = [],
  now: readonly LayerOrigin[] = [],
): string[] {
  return listChanges('layers', before.map(layerOriginText), now.map(layerOriginText));
}

/**
 * Returns what a spec requires of a lock. It contains no host and no folder, so it is the same on every machine.
 * @param specFolder absolute folder of the spec
 */
export function requirementsOf(plan: Plan, specFolder: string): LockRequirements {
  const role = (name: Role) => plan.roles.find((one) => one.role === name);
  const debs = (name: Role) =>
    (role(name)?.debs ?? []).map((deb) => ({
      name: deb.name,
      file: debFile(deb, specFolder),
      ...(deb.sha256 === undefined ? {} : { sha256: deb.sha256 }),
    }));
  const sources = nameSources(plan.base.sources).map(({ name, suite, components, source }) => ({
    ...{ name, suite, components: [...components] },
    ...(source.preset?.fingerprint === undefined ? {} : { signer: source.preset.fingerprint }),
  }));
  return {
    suite: plan.base.suite,
    architecture: plan.base.architecture,
    sources,
    packages: {
      shared: [...plan.sharedPackages],
      master: [...(role('master')?.packages ?? [])],
      slave: [...(role('slave')?.packages ?? [])],
    },
    debs: { master: debs('master'), slave: debs('slave') },
    ...(plan.fetchedLayers === undefined ? {} : { layers: plan.fetchedLayers.map(originOf) }),
  };
}

function listChanges(what: string, before: readonly string[], now: readonly string[]): string[] {
  const added = now.filter((one) => !before.includes(one));
  const gone = before.filter((one) => !now.includes(one));
  const changes = [...added.map((one) => `+ ${one}`), ...gone.map((one) => `- ${one}`)];
  return changes.map((change) => `${what}: ${change}`);
}

/**
 * Returns how the requirements of a spec differ from those that the lock was made for, one per line; an empty list if
 * the lock is up to date.
 * @param question of the current spec
 */
export function staleness(lock: Lock, question: LockRequirements): string[] {
  const before = lock.question;
  const value = (what: string, old: string, now: string): string[] =>
    old === now ? [] : [`${what}: ${now} instead of ${old}`];
  const source = (one: LockRequirements['sources'][number]) =>
    [
      ...[one.name, one.suite === one.name ? '' : `(${one.suite})`, ...one.components],
      one.signer === undefined ? '' : `signed with ${one.signer}`,
    ]
      .filter((word) => word !== '')
      .join(' ');
  const deb = (one: LockRequirements['debs']['master'][number]) =>
    [one.name, one.file, ...(one.sha256 === undefined ? [] : [one.sha256])].join(' ');
  const changes = [
    ...value('suite', before.suite, question.suite),
    ...value('architecture', before.architecture, question.architecture),
    ...listChanges('sources', before.sources.map(source), question.sources.map(source)),
    ...layerChanges(before.layers, question.layers),
    ...listChanges('packages of both roles', before.packages.shared, question.packages.shared),
    ...allRoles.flatMap((role) => [
      ...listChanges(`packages of the ${role}`, before.packages[role], question.packages[role]),
      ...listChanges(`.debs of the ${role}`, before.debs[role].map(deb), question.debs[role].map(deb)),
    ]),
  ];
  if (changes.length > 0) return changes;
  // The order of the sources determines which one apt takes a package from.
  return JSON.stringify(before) === JSON.stringify(question)
    ? []
    : ['the order of the sources, packages or layers'];
}
