import type { KeyObject } from 'node:crypto';
import { existsSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { inject } from 'vitest';
import { makeKeyFiles } from '../../src/release/key-files.ts';
import { parsePrivateKey } from '../../src/release/keys.ts';
import { project, startIngot, type Ended } from './ingot-process.ts';

const folder = inject('e2eFolder');
const remembered = join(folder, 'bake.json');
const examples = join(project, 'examples');

/** The store of the one bake that the test files of a run share. */
export const storeFolder = join(folder, 'out');

/** The cache of that bake: not the user's, in which the images may lie already. */
export const cacheFolder = join(folder, 'cache');

/** The spec of that bake: the example in every form, with a key for updates and seeds that was made for the run; its lock lies beside it. */
export const specFile = join(folder, 'cluster.yaml');
export const lockFile = join(folder, 'cluster.lock.json');

/** The private half of that key, and the public one. */
export const signingKeyFile = join(folder, 'release.pem');
const publicKeyFile = join(folder, 'release.pub.pem');

/** That key: the images believe the seeds that it signed, and no other. */
export const runKey = (): KeyObject =>
  parsePrivateKey(readFileSync(signingKeyFile, 'utf8'), 'the key of the run');

/** What has to lie beside each other for that bake. */
export const specFiles: readonly string[] = [specFile, lockFile, publicKeyFile];

async function writeSpec(): Promise<Ended> {
  await makeKeyFiles(join(folder, 'release'));
  const example = readFileSync(join(examples, 'cluster.yaml'), 'utf8');
  const everyForm = example.replace(/^targets: .*$/m, 'targets: [qcow2, raw, netboot, cloud]');
  const keys = `keys: [${basename(publicKeyFile)}]`;
  writeFileSync(specFile, `${everyForm}updates:\n  ${keys}\nseed:\n  ${keys}\n`);
  symlinkSync(join(examples, 'stand-ins'), join(folder, 'stand-ins'));
  return startIngot(['lock', specFile]).ended;
}

/**
 * Bakes the spec of the run, or gives how that bake ended if a test file of this run has done it. It may have failed: whoever needs it expects
 * its exit code, and shows its stderr.
 */
export async function bakeOnce(): Promise<Ended> {
  if (existsSync(remembered)) return JSON.parse(readFileSync(remembered, 'utf8')) as Ended;
  const locked = await writeSpec();
  const ended =
    locked.exitCode === 0
      ? await startIngot([
          ...['bake', specFile, '--out', storeFolder, '--cache', cacheFolder, '--sign', signingKeyFile],
        ]).ended
      : locked;
  writeFileSync(remembered, JSON.stringify(ended));
  return ended;
}
