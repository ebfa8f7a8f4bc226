import { createHash } from 'node:crypto';
import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { filesBelow } from '../../host/files-below.ts';
import { sha256File } from '../../host/sha256-file.ts';
import type { Role } from '../../inputs/plan/plan.ts';
import { signaturesFolder } from '../../version/sigstore/write-sigstore.ts';
import { versionFiles } from '../../version/version-files.ts';
import type { AdmittedVersion } from '../admit.ts';

/** A file of a version, and where it goes. */
export interface TreeFile {
  /** Relative to the place: "slave/0f3a…/20261129-4cb0aa50375e/vmlinuz". */
  readonly path: string;
  /** Absolute path on this host. */
  readonly source: string;
  readonly bytes: number;
  /** Hexadecimal. */
  readonly sha256: string;
}

/** A version as files of a place. */
export interface VersionTree {
  readonly role: Role;
  readonly version: string;
  readonly rootHash: string;
  /** SHA-256 of its SHA256SUMS, hexadecimal: it names the bytes of all files. */
  readonly sumsSha256: string;
  /** Its folder, relative to the place. */
  readonly path: string;
  readonly files: readonly TreeFile[];
}

/** Digits of the digest in the name of a folder. */
const nameDigits = 16;

/**
 * The folder of a version in a place: the digest of its list, then its name, which ingot-update and ingot verify compare
 * with the signed one. The same version with other files (other targets) is another folder, so a folder that a machine
 * reads never changes.
 */
export function versionPath(
  { role, version }: Pick<VersionTree, 'role' | 'version'>,
  sumsSha256: string,
): string {
  return `${role}/${sumsSha256.slice(0, nameDigits)}/${version}`;
}

/** The Sigstore bundles next to a version, which are next to it in a place as well. */
async function bundlesOf(folder: string, path: string): Promise<TreeFile[]> {
  const all = signaturesFolder(folder);
  if (!(await stat(all).catch(() => undefined))?.isDirectory()) return [];
  const files = [...(await filesBelow(all))].sort();
  return Promise.all(
    files.map(async (file) => {
      const source = join(all, file);
      const { size } = await stat(source);
      return {
        path: `${signaturesFolder(path)}/${file}`,
        source,
        bytes: size,
        sha256: await sha256File(source),
      };
    }),
  );
}

/** Lists the files of an admitted version with their digests; those that its list does not name are read. */
export async function versionTree(admitted: AdmittedVersion): Promise<VersionTree> {
  const { role, version, rootHash, folder, digests } = admitted;
  const sumsSha256 = createHash('sha256').update(admitted.sums).digest('hex');
  const path = versionPath(admitted, sumsSha256);
  const { files } = await versionFiles(folder);
  const listed = await Promise.all(
    [...files].sort().map(async (file) => {
      const source = join(folder, file);
      const { size } = await stat(source);
      return {
        ...{ path: `${path}/${file}`, source, bytes: size },
        sha256: digests.get(file) ?? (await sha256File(source)),
      };
    }),
  );
  return {
    role,
    version,
    rootHash,
    sumsSha256,
    path,
    files: [...listed, ...(await bundlesOf(folder, path))],
  };
}
