import { readdir } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { filesBelow } from '../host/files-below.ts';
import { keyFilesOf, type Lock } from '../inputs/lock/lock.ts';
import { poolFiles } from '../inputs/lock/wanted-files.ts';
import { isPooled, pooledPath, type PoolFile } from '../inputs/pool/pool.ts';
import { verifyPool } from '../inputs/pool/verify-pool.ts';
import type { AdmittedVersion } from '../publish/admit.ts';
import { versionRecord, versionReport } from '../store/stored-version.ts';
import { rehearsalsFolder } from '../version/rehearsal/rehearsals.ts';
import { signaturesFolder } from '../version/sigstore/write-sigstore.ts';
import { bundlePlaces } from './bundle-record.ts';

/** A file of a bundle: where it is on this machine, and its digest if that is known. */
export interface CarriedFile {
  /** In the bundle. */
  readonly path: string;
  /** Absolute. */
  readonly file: string;
  /** SHA-256, hexadecimal. */
  readonly sha256?: string;
}

/** The files below a folder, for a place in the bundle. */
export async function carriedFolder(folder: string, place: string): Promise<CarriedFile[]> {
  const paths = await filesBelow(folder).catch(() => [] as string[]);
  return paths.map((path) => ({ path: `${place}/${path}`, file: join(folder, path) }));
}

/**
 * The files of versions: those that were verified, the records next to them, and the statements and Sigstore bundles
 * about them.
 */
export async function carriedVersions(versions: readonly AdmittedVersion[]): Promise<CarriedFile[]> {
  const found = await Promise.all(
    versions.map(async ({ role, version, folder, digests }) => {
      const place = `${bundlePlaces.store}/${role}`;
      const listed = new Set(digests.keys());
      const inside = (await carriedFolder(folder, `${place}/${version}`)).map((one) => {
        const path = one.path.slice(place.length + version.length + 2);
        const sha256 = digests.get(path);
        return listed.has(path) && sha256 !== undefined ? { ...one, sha256 } : one;
      });
      const beside = [
        ...(['programs', 'stages', 'bake'] as const).map((kind) => versionRecord(folder, kind)),
        versionReport(folder),
      ];
      const present = new Set(await readdir(join(folder, '..')));
      const records = beside
        .filter((file) => present.has(basename(file)))
        .map((file) => ({ path: `${place}/${basename(file)}`, file }));
      const [statements, bundles] = [rehearsalsFolder(folder), signaturesFolder(folder)];
      return [
        ...inside,
        ...records,
        ...(await carriedFolder(statements, `${place}/${basename(statements)}`)),
        ...(await carriedFolder(bundles, `${place}/${basename(bundles)}`)),
      ];
    }),
  );
  return found.flat();
}

/**
 * The packages of a lock, and the keys of its presets if the pool has them.
 * @throws IngotError wrong-pool if a package is missing from the pool, or has other bytes
 */
export async function carriedPool(lock: Lock, pool: string, signal: AbortSignal): Promise<CarriedFile[]> {
  const keys: PoolFile[] = [];
  for (const key of keyFilesOf(lock)) if (await isPooled(pool, key)) keys.push(key);
  const files: readonly PoolFile[] = [...poolFiles(lock), ...keys];
  await verifyPool(pool, files, signal);
  return files.map(({ sha256 }) => ({
    path: `${bundlePlaces.pool}/${sha256.slice(0, 2)}/${sha256}.deb`,
    file: pooledPath(pool, sha256),
    sha256,
  }));
}
