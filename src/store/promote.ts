import { existsSync } from 'node:fs';
import { mkdir, open, readdir, rename, rm, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import type { Role } from '../plan/plan.ts';

/** One finished version that waits to be published. */
export interface Candidate {
  readonly role: Role;
  readonly version: string;
  /** Absolute folder on the store's file system. */
  readonly staged: string;
}

/** Where a version lies in the store; absolute if the store's path is. */
export function versionFolder(out: string, role: Role, version: string): string {
  return join(out, role, version);
}

/** Waits until a file or folder is on the disk itself (fsync(2)). */
async function sync(path: string): Promise<void> {
  const handle = await open(path, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/** All that can fail for want of space or of the files: from here on only names change. */
async function prepare({ role, staged }: Candidate, out: string): Promise<void> {
  await mkdir(join(out, role), { recursive: true });
  // Before the rename, so that not even a power cut leaves the name without the bits.
  for (const name of await readdir(staged)) await sync(join(staged, name));
  await sync(staged);
}

async function putInPlace({ role, version, staged }: Candidate, out: string): Promise<void> {
  const roleFolder = join(out, role);
  const target = versionFolder(out, role, version);
  if (existsSync(target)) await rm(staged, { recursive: true });
  else await rename(staged, target);
  const link = join(roleFolder, `.latest-${process.pid}`);
  await rm(link, { force: true });
  await symlink(version, link);
  await rename(link, join(roleFolder, 'latest'));
  await sync(roleFolder);
}

/**
 * Moves finished versions into the store by rename, so that each is there complete or not at all, and lets "latest" follow.
 * No name changes before the files of all of them are safe on the disk. A version that is there already has the same bits (its name is
 * their digest) and stays as it is.
 */
export async function promote(candidates: readonly Candidate[], out: string): Promise<void> {
  for (const candidate of candidates) await prepare(candidate, out);
  for (const candidate of candidates) await putInPlace(candidate, out);
}
