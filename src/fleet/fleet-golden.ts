import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { IngotError } from '../host/ingot-error.ts';
import { allRoles, type Role } from '../inputs/plan/plan.ts';
import { latestVersion } from '../store/latest-version.ts';
import { findVersion, noImage } from '../store/require-version.ts';
import { type StoredVersion, storedVersions } from '../store/stored-version.ts';
import type { BootRecord } from '../version/boot-record.ts';
import { readBootRecord } from '../version/read-boot-record.ts';
import { isVersionName } from '../version/version-name.ts';
import type { Golden } from './golden.ts';

export interface GoldenRequest {
  /** Absolute folder of the store. */
  readonly out: string;
  /** True if the user named the store, which must then have a version. */
  readonly outNamed: boolean;
  /** ROLE/VERSION, or VERSION for a version of the store. */
  readonly expect: readonly string[];
}

const bootOf = async (stored: StoredVersion | undefined): Promise<BootRecord | undefined> =>
  stored && readBootRecord(stored.folder);

async function requested(expected: string, out: string): Promise<[Role, Golden][]> {
  const [, named, version = ''] = /^(?:(master|slave)\/)?([^/]+)$/.exec(expected) ?? [];
  const roles = allRoles.filter((role) => named === undefined || named === role);
  const found: [Role, Golden][] = [];
  for (const role of roles) {
    const boot = await bootOf(await findVersion(out, role, version));
    if (boot !== undefined)
      found.push([role, { version: boot.version, rootHash: boot.rootHash, from: { kind: 'asked for' } }]);
    else if (named !== undefined && isVersionName(version))
      found.push([role, { version, rootHash: undefined, from: { kind: 'asked for' } }]);
  }
  if (found.length > 0) return found;
  throw new IngotError({
    code: 'no-image',
    message: `--expect ${expected} is neither ROLE/VERSION nor a version of the store ${out}`,
    hint: 'name it with its role, e.g. slave/20261122-3f2a5b6c7d8e',
  });
}

/**
 * The known golden versions: for a role that --expect names, that version; for the other roles, the latest of the
 * store.
 * @throws IngotError no-image for a version that cannot be found, and for a named store without any version
 */
export async function goldenOf({ out, outNamed, expect }: GoldenRequest): Promise<Map<Role, Golden>> {
  const golden = new Map<Role, Golden>();
  for (const role of allRoles) {
    const boot = await bootOf(await latestVersion(out, role));
    if (boot === undefined) continue;
    golden.set(role, { version: boot.version, rootHash: boot.rootHash, from: { kind: 'store' } });
  }
  if (outNamed && golden.size === 0)
    throw noImage({
      out,
      hint: 'name another store with --out, or the golden version with --expect ROLE/VERSION',
    });
  for (const one of expect) for (const [role, is] of await requested(one, out)) golden.set(role, is);
  return golden;
}

/**
 * The root hash of every version of a store, by ROLE/VERSION. Slots that are not running are compared with it.
 * @param out absolute; empty result if the store does not exist
 */
export async function knownRootsOf(out: string): Promise<Map<string, string>> {
  const found = new Map<string, string>();
  for (const { role, version, folder } of await storedVersions(out)) {
    const boot = await readBootRecord(folder);
    if (boot !== undefined) found.set(`${role}/${version}`, boot.rootHash);
  }
  return found;
}

/**
 * SHA-256 of a seed, as nodes report it.
 * @param file absolute path of its user-data, with its signature
 * @throws IngotError wrong-seed for a file that cannot be read or is not user-data
 */
export async function seedDigest(file: string): Promise<string> {
  const text = await readFile(file).catch((cause: unknown) => {
    const hint = 'name the user-data that ingot seed wrote';
    throw new IngotError({ code: 'wrong-seed', message: `the seed ${file} cannot be read`, hint, cause });
  });
  if (!text.toString('latin1').startsWith('#cloud-config\n'))
    throw new IngotError({
      code: 'wrong-seed',
      message: `${file} is not the user-data of a seed`,
      hint: 'name the user-data that ingot seed wrote, not the folder or seed.iso',
    });
  return createHash('sha256').update(text).digest('hex');
}
