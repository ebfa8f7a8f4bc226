import { realpathSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { loadTemplates } from '../../src/inputs/load-templates.ts';
import { type NodeSeedContext, renderNodeSeed } from '../../src/render/render-node-seed.ts';
import { signedSeed } from '../../src/version/sign-seed.ts';
import { keySigner } from '../../src/version/signer.ts';
import { runKey, storeFolder } from './baked-store.ts';
import { project } from './ingot-process.ts';

/** The absolute folder of the version that the run baked for a role. */
export const bakedVersion = (role: 'master' | 'slave'): string =>
  realpathSync(join(storeFolder, role, 'latest'));

/** The seed of a cluster whose only master is at the address that QEMU's user network assigns. */
export async function labSeed(data: NodeSeedContext['data']) {
  const templates = await loadTemplates(join(project, 'templates'));
  const files = renderNodeSeed(templates, {
    ...{ cluster: 'demo', masters: ['10.0.2.15'], operatorKeys: [], data, network: null },
  });
  return signedSeed(files, keySigner(runKey()));
}

/** Creates an empty raw disk; returns its path. */
export function emptyDisk(disk: string, mebibytes: number): string {
  writeFileSync(disk, '');
  truncateSync(disk, mebibytes * 1024 * 1024);
  return disk;
}

/** Returns a function that checks whether a console shows the text. */
export const shows =
  (text: RegExp) =>
  (console: string): boolean =>
    text.test(console);
