import { layerName } from '../inputs/plan/layer-place.ts';
import type { FieldDifference } from '../version/facts.ts';
import type { PathDifference, PathOrigin } from './compare/version-difference.ts';
import type { FieldChange, PathChange, UnitChange } from './image-diff.ts';

/** Owners other than packages and folders of images/. */
export const buildGuest = 'the build guest';
export const generated = 'generated';
const packageDatabase = "dpkg's database";

/** Renames the sides: what compare/ calls stored and made is before and after in this report. */
export function fieldChange({ name, stored, made }: FieldDifference): FieldChange {
  return {
    name,
    ...(stored === undefined ? {} : { before: stored }),
    ...(made === undefined ? {} : { after: made }),
  };
}

/** Whether a path differs only in its time, which a build sets from the date of the lock. */
export function isTimeOnly({ kind, fields }: PathDifference): boolean {
  return kind === 'changed' && fields.every(({ name }) => name === 'mtime');
}

/** The origins of a path, most important first: packages, images/…, the build guest. */
function ownersOf(path: string, origin: PathOrigin | undefined): string[] {
  if (path.startsWith('/var/lib/dpkg/')) return [packageDatabase];
  const owners = [
    ...(origin?.packages ?? []),
    ...(origin?.layers ?? []).map(layerName),
    ...(origin?.guest === true ? [buildGuest] : []),
  ];
  return owners.length === 0 ? [generated] : owners;
}

/** One path as the report shows it, without its time. */
export function pathChange(
  { path, kind, fields }: PathDifference,
  origin: PathOrigin | undefined,
): PathChange {
  const type = fields.find(({ name }) => name === 'type');
  const [owner = generated, ...also] = ownersOf(path, origin);
  const shown = type?.made ?? type?.stored;
  return {
    path,
    kind,
    ...(shown === undefined ? {} : { type: shown }),
    fields: fields.filter(({ name }) => name !== 'mtime').map(fieldChange),
    owner,
    also,
  };
}

const valueOf = (one: PathChange, name: string): FieldChange | undefined =>
  one.fields.find((field) => field.name === name);

/** The growth of the root in bytes because of a path. */
export function growthOf(one: PathChange): number {
  const size = valueOf(one, 'size');
  return Number(size?.after ?? 0) - Number(size?.before ?? 0);
}

/** The growth of each owner in bytes, largest change first. Owners without a change are omitted. */
export function growthByOwner(paths: readonly PathChange[]): { owner: string; bytes: number }[] {
  const growth = new Map<string, number>();
  for (const one of paths) growth.set(one.owner, (growth.get(one.owner) ?? 0) + growthOf(one));
  return [...growth]
    .filter(([, bytes]) => bytes !== 0)
    .map(([owner, bytes]) => ({ owner, bytes }))
    .sort((a, b) => Math.abs(b.bytes) - Math.abs(a.bytes) || (a.owner < b.owner ? -1 : 1));
}

/** A unit is enabled by a link in UNIT.wants or UNIT.requires, and masked by a link to /dev/null (systemd.unit(5)). */
function unitChange(one: PathChange): UnitChange[] {
  const target = valueOf(one, 'target');
  const link = /^\/(?:etc|usr\/lib)\/systemd\/(?:system|user)\/(.+)\.(wants|requires)\/([^/]+)$/.exec(
    one.path,
  );
  if (link !== null) {
    const [, by = '', , unit = ''] = link;
    if (one.kind === 'changed') return [];
    if (one.type !== 'symlink') return [];
    return [{ unit, kind: one.kind === 'added' ? 'enabled' : 'disabled', by }];
  }
  const own = /^\/(?:etc|usr\/lib)\/systemd\/(?:system|user)\/([^/]+\.[a-z]+)$/.exec(one.path)?.[1];
  if (own === undefined) return [];
  if (target?.after === '/dev/null') return [{ unit: own, kind: 'masked' }];
  return target?.before === '/dev/null' ? [{ unit: own, kind: 'unmasked' }] : [];
}

/** The units that the changes in the root enable, disable, mask or unmask. */
export function unitChanges(paths: readonly PathChange[]): UnitChange[] {
  return paths.flatMap(unitChange).sort((a, b) => (a.unit < b.unit ? -1 : a.unit > b.unit ? 1 : 0));
}
