import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { filesBelow } from '../host/files-below.ts';
import type { Role } from '../inputs/roles.ts';
import { latestVersion } from '../store/latest-version.ts';
import { type StoredVersion, storedVersions } from '../store/stored-version.ts';
import { readBootRecord } from '../version/read-boot-record.ts';
import { rehearsalsFolder } from '../version/rehearsal/rehearsals.ts';
import { readSignatures } from '../version/signatures.ts';
import type { ChannelPointer } from './channel-pointer.ts';
import { type Revocation, revocationOf } from './revocation-list.ts';

/** A version of a store, with what names it. Nothing here is verified. */
export interface ListedVersion {
  readonly role: Role;
  readonly version: string;
  /** Absolute. */
  readonly folder: string;
  readonly cluster: string | null;
  /** Date of the lock, ISO 8601; null for a version of an old ingot. */
  readonly date: string | null;
  /** False if it contains stand-ins; null if it does not say so. */
  readonly production: boolean | null;
  readonly rootHash: string | null;
  /** Bytes of its files; a file with several names counts once. */
  readonly bytes: number;
  readonly latest: boolean;
  /** Channels that name it; "stable 10 %" for a share of an inventory. */
  readonly channels: readonly string[];
  readonly revoked: { readonly why: string; readonly on: string } | null;
  /** Ids of the keys in its signature. */
  readonly signedBy: readonly string[];
  /** The number of signed statements about rehearsals next to it. */
  readonly statements: number;
}

/** Where the versions of a store are named. */
export interface StoreNames {
  readonly pointers: readonly ChannelPointer[];
  readonly revoked: readonly Revocation[];
}

async function bytesOf(folder: string): Promise<number> {
  const found = await Promise.all((await filesBelow(folder)).map((name) => stat(join(folder, name))));
  return [...new Map(found.map(({ ino, size }) => [ino, size])).values()].reduce(
    (sum, size) => sum + size,
    0,
  );
}

function channelsOf(role: Role, version: string, pointers: readonly ChannelPointer[]): string[] {
  return pointers.flatMap(({ channel, versions, rollout }) => [
    ...(versions[role]?.version === version ? [channel] : []),
    ...(rollout?.versions[role]?.version === version ? [`${channel} ${rollout.percent} %`] : []),
  ]);
}

/** Describes a version of a store without reading its large files. */
export async function listedVersion(
  { role, version, folder }: StoredVersion,
  latest: string | undefined,
  { pointers, revoked }: StoreNames,
): Promise<ListedVersion> {
  const boot = await readBootRecord(folder);
  const origin = boot?.schema === 2 ? boot : undefined;
  const revocation = revocationOf(revoked, {
    ...{ role, version },
    ...(boot === undefined ? {} : { rootHash: boot.rootHash }),
  });
  const signatures = await readSignatures(folder);
  const statements = await readdir(rehearsalsFolder(folder)).catch(() => []);
  return {
    ...{ role, version, folder },
    cluster: origin?.cluster ?? null,
    date: origin?.date ?? null,
    production: origin?.production ?? null,
    rootHash: boot?.rootHash ?? null,
    bytes: await bytesOf(folder),
    latest: version === latest,
    channels: channelsOf(role, version, pointers),
    revoked: revocation === undefined ? null : { why: revocation.why, on: revocation.on },
    signedBy: typeof signatures === 'string' ? [] : signatures.signatures.map(({ keyid }) => keyid),
    statements: statements.filter((name) => name.endsWith('.dsse.json') && !name.startsWith('.')).length,
  };
}

/**
 * Describes all versions of a store, the oldest of each role first.
 * @param out absolute path of the store
 */
export async function listVersions(out: string, names: StoreNames): Promise<ListedVersion[]> {
  const all = await storedVersions(out);
  return Promise.all(
    all.map(async (one) => listedVersion(one, (await latestVersion(out, one.role))?.version, names)),
  );
}
