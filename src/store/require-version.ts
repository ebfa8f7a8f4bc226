import { IngotError } from '../host/ingot-error.ts';
import type { Role } from '../inputs/plan/plan.ts';
import { latestLink, latestName } from './latest-version.ts';
import { type StoredVersion, storedVersion } from './stored-version.ts';

/** What is missing from a store, and who needs it. */
export interface MissingImage {
  /** Path of the store, as shown to the user. */
  readonly out: string;
  /** Undefined if an image of either role would do. */
  readonly role?: Role;
  /** Name of the version; undefined if any would do. */
  readonly version?: string | undefined;
  /** Ends the sentence "there is no master image in out", e.g. "the boot test of a slave needs one". */
  readonly because?: string | undefined;
  /** What is wrong with the store's link "latest". */
  readonly problem?: string | undefined;
  /** What the user can do instead of baking an image. */
  readonly hint?: string | undefined;
}

/** The text that a store lacks an image. No other place has these words. */
export function noImageText({ out, role, version, because }: MissingImage): string {
  const which = role === undefined ? '' : `${role} `;
  const name = version === undefined ? '' : ` ${version}`;
  const reason = because === undefined ? '' : `: ${because}`;
  return `there is no ${which}image${name} in ${out}${reason}`;
}

/** The error for an image that is needed but missing from the store. */
export function noImage(missing: MissingImage): IngotError {
  return new IngotError({
    code: 'no-image',
    message: noImageText(missing),
    ...(missing.problem === undefined ? {} : { excerpt: [missing.problem] }),
    hint: missing.hint ?? 'bake one, or name another store with --out FOLDER',
  });
}

/** Finds the version of a store that a text names: its name, or "latest". Undefined if there is no such version. */
export async function findVersion(out: string, role: Role, name: string): Promise<StoredVersion | undefined> {
  if (name === latestName) return (await latestLink(out, role)).latest;
  return storedVersion(out, role, name);
}

/**
 * Finds the latest version of a role for a caller that cannot work without one.
 * @param out absolute path of the store
 * @param why who needs it, and what else the user can do
 * @throws IngotError no-image if the store has none; it includes what is wrong with the link "latest"
 */
export async function requireVersion(
  out: string,
  role: Role,
  why: Pick<MissingImage, 'because' | 'hint'> = {},
): Promise<StoredVersion> {
  const { latest, problem } = await latestLink(out, role);
  if (latest !== undefined) return latest;
  throw noImage({ out, role, problem, ...why });
}
