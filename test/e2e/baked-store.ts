import { readFileSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { type Ended, project, startIngot } from './ingot-process.ts';
import { oncePerRun } from './once-per-run.ts';
import { cacheFolder, prepareRun, publicKeyFile, runFolder, signingKeyFile } from './run-folder.ts';

export { cacheFolder, runKey, signingKeyFile } from './run-folder.ts';

/** The store of the bake that all test files of a run share. */
export const storeFolder = join(runFolder, 'out');

/**
 * The spec of that bake: the example with every target, and a key for updates and seeds that was generated for the run.
 * Its lock is next to it.
 */
export const specFile = join(runFolder, 'cluster.yaml');
export const lockFile = join(runFolder, 'cluster.lock.json');

/** The files that must be next to each other for that bake. */
export const specFiles: readonly string[] = [specFile, lockFile, publicKeyFile];

async function writeSpec(): Promise<Ended> {
  await prepareRun();
  const example = readFileSync(join(project, 'examples', 'cluster.yaml'), 'utf8').replaceAll(
    '../stand-ins',
    'stand-ins',
  );
  const everyForm = example.replace(/^targets: .*$/m, 'targets: [qcow2, raw, netboot, ec2]');
  const keys = `keys: [${basename(publicKeyFile)}]`;
  writeFileSync(specFile, `${everyForm}updates:\n  ${keys}\nseed:\n  ${keys}\n`);
  return startIngot(['lock', specFile]).ended;
}

async function bake(): Promise<Ended> {
  const locked = await writeSpec();
  return locked.exitCode === 0
    ? startIngot([
        ...['bake', specFile, '--out', storeFolder, '--cache', cacheFolder, '--sign', signingKeyFile],
      ]).ended
    : locked;
}

/**
 * Bakes the spec of the run, or returns the result of that bake if another test file of the run has already done it.
 * The bake may have failed: callers expect its exit code and show its stderr.
 */
export const bakeOnce = (): Promise<Ended> => oncePerRun('bake', bake);
