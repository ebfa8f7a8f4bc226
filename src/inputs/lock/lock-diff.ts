import { compareDebianVersions } from './compare-versions.ts';
import { groups, type Lock, type LockedPackage, type PackageGroup, packagesOf } from './lock.ts';

/** One package that two locks have otherwise; without old it is new, without now it is gone. */
export interface LockChange {
  readonly name: string;
  readonly groups: readonly PackageGroup[];
  readonly old?: string;
  readonly now?: string;
  /** Whether the new version comes from a source of security updates; undefined where the source does not tell. */
  readonly security: boolean | undefined;
  /** The same version with other bytes. */
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

/** What the second lock has otherwise than the first, by name. */
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
    // What both roles have otherwise in the same way is one line.
    const same = JSON.stringify(change);
    changes.set(same, { ...change, groups: [...(changes.get(same)?.groups ?? []), group] });
  }
  return [...changes.values()];
}

/** Packages that would become older. */
export function downgrades(before: Lock, now: Lock): LockChange[] {
  return changesBetween(before, now).filter(
    ({ old, now: version }) =>
      old !== undefined && version !== undefined && compareDebianVersions(version, old) < 0,
  );
}

function words(change: LockChange): string[] {
  const security = change.security === undefined ? '' : change.security ? 'yes' : 'no';
  const now =
    change.now === undefined ? '(gone)' : change.otherBytes ? `${change.now} (other bytes)` : change.now;
  return [change.name, change.old ?? '(new)', now, security, change.groups.join(', ')];
}

/** The changes as a table for people: package, old, new, security update or not, in what. */
export function changesTable(changes: readonly LockChange[]): string {
  const rows = [['package', 'old', 'new', 'security', 'in'], ...changes.map(words)];
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

/** How much a lock holds, in a line: "328 packages, 242 MB". */
export function lockSizeText(lock: Lock): string {
  const all = packagesOf(lock);
  const bytes = all.reduce((sum, { size }) => sum + size, 0);
  return `${all.length} packages, ${Math.round(bytes / 1e6)} MB`;
}
