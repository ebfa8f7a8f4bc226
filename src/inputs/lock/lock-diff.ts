import { compareDebianVersions } from './compare-versions.ts';
import { groups, type Lock, type LockedPackage, type PackageGroup, packagesOf } from './lock.ts';

/** A package that differs between two locks. Without `old` it was added, without `now` it was removed. */
export interface LockChange {
  readonly name: string;
  readonly groups: readonly PackageGroup[];
  readonly old?: string;
  readonly now?: string;
  /** Whether the new version comes from a source of security updates; undefined if the source does not show that. */
  readonly security: boolean | undefined;
  /** The same version with different bytes. */
  readonly otherBytes: boolean;
}

function keyed(lock: Lock | undefined): Map<string, { group: PackageGroup; one: LockedPackage }> {
  const all = groups.flatMap((group) => (lock?.packages[group] ?? []).map((one) => ({ group, one })));
  return new Map(all.map((entry) => [`${entry.one.name} ${entry.one.architecture} ${entry.group}`, entry]));
}

function securityOf(one: LockedPackage | undefined): boolean | undefined {
  if (one === undefined || one.source === 'local') return undefined;
  return /-security(?:-\d+)?$/.test(one.source);
}

/** Returns how the second lock differs from the first, sorted by name. */
export function changesBetween(before: Lock | undefined, now: Lock): LockChange[] {
  const [old, young] = [keyed(before), keyed(now)];
  const changes = new Map<string, LockChange>();
  for (const key of [...new Set([...old.keys(), ...young.keys()])].sort()) {
    const [was, is] = [old.get(key), young.get(key)];
    if (was?.one.sha256 === is?.one.sha256 && was?.one.version === is?.one.version) continue;
    const group = (is ?? was)?.group ?? 'shared';
    const name = (is ?? was)?.one.name ?? '';
    const change = {
      name,
      ...(was === undefined ? {} : { old: was.one.version }),
      ...(is === undefined ? {} : { now: is.one.version }),
      security: securityOf(is?.one),
      otherBytes: was !== undefined && was.one.version === is?.one.version,
    };
    // A change that is the same for both roles is one line.
    const same = JSON.stringify(change);
    changes.set(same, { ...change, groups: [...(changes.get(same)?.groups ?? []), group] });
  }
  return [...changes.values()];
}

/** Returns the packages that would be downgraded. */
export function downgrades(before: Lock, now: Lock): LockChange[] {
  return changesBetween(before, now).filter(
    ({ old, now: version }) =>
      old !== undefined && version !== undefined && compareDebianVersions(version, old) < 0,
  );
}

/** A change in words: package, old version, new version, whether it is a security update, the groups that have it. */
export function changeCells(change: LockChange): string[] {
  const security = change.security === undefined ? '' : change.security ? 'yes' : 'no';
  const now =
    change.now === undefined ? '(gone)' : change.otherBytes ? `${change.now} (other bytes)` : change.now;
  return [change.name, change.old ?? '(new)', now, security, change.groups.join(', ')];
}

/**
 * Formats the changes as a table: package, old version, new version, whether it is a security update, and the groups
 * that have it.
 */
export function changesTable(changes: readonly LockChange[]): string {
  const rows = [['package', 'old', 'new', 'security', 'in'], ...changes.map(changeCells)];
  const widths = [0, 1, 2, 3].map((column) => Math.max(...rows.map((row) => (row[column] ?? '').length)));
  return rows
    .map((row) =>
      row
        .map((cell, column) => cell.padEnd(widths[column] ?? 0))
        .join('  ')
        .trimEnd(),
    )
    .join('\n')
    .concat('\n');
}

function layerText(lock: Lock, name: string): string | undefined {
  const layer = lock.layers?.find((one) => one.name === name);
  if (layer === undefined) return undefined;
  const { ref, sha256 } = lock.question.layers?.find((one) => one.name === name) ?? {};
  const short = (digest: string | undefined): string => digest?.slice(0, 12) ?? '';
  return ref === undefined ? `archive ${short(sha256)}` : `${ref} (${short(layer.commit)})`;
}

/** Returns a line for each fetched layer that differs between two locks: "layer site: v1 (1f2e…) → v2 (3c4d…)". */
export function layerLockChanges(before: Lock | undefined, now: Lock): string[] {
  const names = new Set([before, now].flatMap((lock) => lock?.layers?.map(({ name }) => name) ?? []));
  return [...names].sort().flatMap((name) => {
    const old = before === undefined ? undefined : layerText(before, name);
    const young = layerText(now, name);
    const tree = (lock: Lock | undefined) => lock?.layers?.find((one) => one.name === name)?.tree;
    const same = old === young && tree(before) === tree(now);
    const files = old !== undefined && tree(before) === tree(now) ? ', the same files' : '';
    return same ? [] : [`layer ${name}: ${old ?? '(new)'} → ${young ?? '(gone)'}${files}`];
  });
}

/** Summarises the size of a lock in one line: "328 packages, 242 MB". */
export function lockSizeText(lock: Lock): string {
  const all = packagesOf(lock);
  const bytes = all.reduce((sum, { size }) => sum + size, 0);
  const layers = lock.layers?.length ?? 0;
  const more = layers === 0 ? '' : `, ${layers} layer${layers === 1 ? '' : 's'} from git or an archive`;
  return `${all.length} packages, ${Math.round(bytes / 1e6)} MB${more}`;
}
