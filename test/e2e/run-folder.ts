import type { KeyObject } from 'node:crypto';
import { existsSync, readFileSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { inject } from 'vitest';
import { makeKeyFiles } from '../../src/version/key-files.ts';
import { parsePrivateKey } from '../../src/version/keys.ts';
import { project } from './ingot-process.ts';
import { oncePerRun } from './once-per-run.ts';

/** The folder of one run of the end-to-end tests; all its test files share it. */
export const runFolder = inject('e2eFolder');

/** The cache of the bakes of the run. The user's cache may already contain the images. */
export const cacheFolder = join(runFolder, 'cache');

/** The private and the public half of the run's key: it signs versions, updates and seeds. */
export const signingKeyFile = join(runFolder, 'release.pem');
export const publicKeyFile = join(runFolder, 'release.pub.pem');

/** That key: the images trust only seeds that it signed. */
export const runKey = (): KeyObject =>
  parsePrivateKey(readFileSync(signingKeyFile, 'utf8'), 'the key of the run');

async function prepare(): Promise<boolean> {
  if (existsSync(signingKeyFile)) return true;
  await makeKeyFiles(join(runFolder, 'release'));
  symlinkSync(join(project, 'stand-ins'), join(runFolder, 'stand-ins'));
  return true;
}

/** Prepares, once, what every bake of the run needs: the key, and the stand-ins next to the specs. */
export const prepareRun = (): Promise<boolean> => oncePerRun('prepared', prepare);
