import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { inject } from 'vitest';
import { startIngot, type Ended } from './ingot-process.ts';

const folder = inject('e2eFolder');
const remembered = join(folder, 'bake.json');

/** The store of the one bake that the test files of a run share. */
export const storeFolder = join(folder, 'out');

/** The cache of that bake: not the user's, in which the images may lie already. */
export const cacheFolder = join(folder, 'cache');

/** The key with which that bake signs, as ingot keygen makes it: its public half is beside it, with .pub.pem. */
export const keyFile = join(folder, 'release.pem');

/**
 * Bakes the example, or gives how that bake ended if a test file of this run has done it. It may have failed: whoever needs it expects
 * its exit code, and shows its stderr.
 */
export async function bakeOnce(): Promise<Ended> {
  if (existsSync(remembered)) return JSON.parse(readFileSync(remembered, 'utf8')) as Ended;
  const made = await startIngot(['keygen', keyFile.replace(/\.pem$/, '')]).ended;
  if (made.exitCode !== 0) return made;
  const ended = await startIngot([
    ...['bake', 'examples/cluster.yaml', '--out', storeFolder, '--cache', cacheFolder, '--sign', keyFile],
  ]).ended;
  writeFileSync(remembered, JSON.stringify(ended));
  return ended;
}
