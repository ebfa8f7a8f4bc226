import { existsSync } from 'node:fs';
import { mkdir, open, readdir, rename, rm, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import type { Role } from '../inputs/plan/plan.ts';
import { refuseDevVersion } from '../version/dev-version.ts';
import { latestName, latestPath } from './latest-version.ts';
import { recoverReplaced, replacedFolder } from './replaced-versions.ts';
import { canKeepVersion } from './same-version.ts';
import { versionFolder } from './stored-version.ts';

/** A finished version that is ready to publish. */
export interface Candidate {
  readonly role: Role;
  readonly version: string;
  /** Absolute folder on the store's file system. */
  readonly staged: string;
}

/** Waits until a file or folder is written to the disk (fsync(2)). */
async function sync(path: string): Promise<void> {
  const handle = await open(path, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

type Place = 'new' | 'present' | 'other';

/**
 * Does everything that can fail for lack of space or because of the files. After this only names change. Returns
 * whether the version is already in the store.
 */
async function prepare({ role, version, staged }: Candidate, out: string): Promise<Place> {
  await refuseDevVersion(staged);
  const roleFolder = join(out, role);
  await mkdir(roleFolder, { recursive: true });
  await recoverReplaced(roleFolder);
  // Before the rename, so that even after a power failure the name never exists without the content.
  const entries = await readdir(staged, { recursive: true, withFileTypes: true });
  for (const { parentPath, name } of entries) await sync(join(parentPath, name));
  await sync(staged);
  const target = versionFolder(out, role, version);
  if (!existsSync(target)) return 'new';
  return (await canKeepVersion(target, staged)) ? 'present' : 'other';
}

async function putInPlace({ role, version, staged }: Candidate, place: Place, out: string): Promise<void> {
  const roleFolder = join(out, role);
  const target = versionFolder(out, role, version);
  if (place === 'present') await rm(staged, { recursive: true });
  else {
    const replaced = replacedFolder(roleFolder, version);
    if (place === 'other') await rename(target, replaced);
    await rename(staged, target);
    await rm(replaced, { recursive: true, force: true });
  }
  const link = join(roleFolder, `.${latestName}-${process.pid}`);
  await rm(link, { force: true });
  await symlink(version, link);
  await rename(link, latestPath(out, role));
  await sync(roleFolder);
}

/**
 * Moves finished versions into the store by rename, so that each version is either complete or absent, and updates
 * "latest". No name changes before the files of all versions are written to the disk. A version whose files are all in
 * the store already stays as it is. If the store has the version in other forms of the same root (other targets,
 * another GRUB), the new one replaces it.
 */
export async function promote(candidates: readonly Candidate[], out: string): Promise<void> {
  const places: Place[] = [];
  for (const candidate of candidates) places.push(await prepare(candidate, out));
  for (const [index, candidate] of candidates.entries())
    await putInPlace(candidate, places[index] ?? 'new', out);
}
