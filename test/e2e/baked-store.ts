import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { inject } from 'vitest';
import { project, startIngot, type Ended } from './ingot-process.ts';

const folder = inject('e2eFolder');
const remembered = join(folder, 'bake.json');

/** The store of the one bake that the test files of a run share. */
export const storeFolder = join(folder, 'out');

/** The cache of that bake: not the user's, in which the images may lie already. */
export const cacheFolder = join(folder, 'cache');

/** The example with every target; beside it comes its lock. */
const spec = join(folder, 'cluster.yaml');

function writeSpec(): void {
  const examples = join(project, 'examples');
  const example = readFileSync(join(examples, 'cluster.yaml'), 'utf8').replaceAll(
    'deb: ',
    `deb: ${examples}/`,
  );
  writeFileSync(spec, `${example.trimEnd()}\ntargets: [qcow2, raw, netboot, cloud]\n`);
}

/**
 * Bakes the example in every form, or gives how that bake ended if a test file of this run has done it. It may have failed: whoever needs it expects
 * its exit code, and shows its stderr.
 */
export async function bakeOnce(): Promise<Ended> {
  if (existsSync(remembered)) return JSON.parse(readFileSync(remembered, 'utf8')) as Ended;
  writeSpec();
  const locked = await startIngot(['lock', spec]).ended;
  if (locked.exitCode !== 0) return locked;
  const ended = await startIngot([...['bake', spec, '--out', storeFolder, '--cache', cacheFolder]]).ended;
  writeFileSync(remembered, JSON.stringify(ended));
  return ended;
}
