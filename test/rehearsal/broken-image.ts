import { generateKeyPairSync } from 'node:crypto';
import { cpSync, mkdirSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { expect } from 'vitest';
import { changedVersion, unpackRoot } from '../e2e/changed-version.ts';
import { project } from '../e2e/ingot-process.ts';
import { latest } from './rehearsed-store.ts';

export type Role = 'master' | 'slave';

const folder = join(project, '.make', 'rehearsal', 'broken');

/** Replaces text in a file of a tree; the text must be in the file. */
export function replaceIn(tree: string, path: string, text: RegExp, by: string): void {
  const before = readFileSync(join(tree, path), 'utf8');
  expect(before, path).toMatch(text);
  writeFileSync(join(tree, path), before.replace(text, by));
}

/**
 * A store with one role whose image was broken, described, packed and made into a disk by the code of a bake; the other
 * role is as it was baked.
 * @returns its absolute folder; it is removed before the next one is made
 */
export async function brokenStore(
  name: string,
  role: Role,
  breakIt: (tree: string) => void,
): Promise<string> {
  rmSync(folder, { recursive: true, force: true });
  const out = join(folder, name);
  const tree = join(folder, 'tree');
  mkdirSync(folder, { recursive: true });
  await unpackRoot(latest(role), tree);
  breakIt(tree);
  const { privateKey } = generateKeyPairSync('ed25519');
  const version = await changedVersion(latest(role), tree, join(out, role), privateKey);
  rmSync(tree, { recursive: true });
  // The disks belong to the root that was baked: without them, a disk is made of the files.
  for (const file of readdirSync(version)) if (file.startsWith('disk.')) rmSync(join(version, file));
  symlinkSync(basename(version), join(out, role, 'latest'));
  const other = role === 'master' ? 'slave' : 'master';
  const untouched = basename(latest(other));
  cpSync(latest(other), join(out, other, untouched), { recursive: true });
  symlinkSync(untouched, join(out, other, 'latest'));
  return out;
}
