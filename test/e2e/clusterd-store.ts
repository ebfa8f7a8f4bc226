import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { startIngot, type Ended } from './ingot-process.ts';
import { cacheFolder, prepareRun, publicKeyFile, runFolder, signingKeyFile } from './run-folder.ts';

const remembered = join(runFolder, 'bake-clusterd.json');

/** The store of the run's bake of the layout clusterd. */
export const clusterdStore = join(runFolder, 'out-clusterd');

/** The spec of that bake; its lock is next to it. */
export const clusterdSpec = join(runFolder, 'clusterd.yaml');

const key = basename(publicKeyFile);

/** As a site of today has it: clusterd's package without Marathon, with attributes of agents, signed updates and seeds. */
const spec = `cluster: demo
masters: [10.0.0.11, 10.0.0.12, 10.0.0.13]
layout: clusterd
mesos:
  deb: stand-ins/build/aventer-mesos_1.11.0-0.10.0.standin1_all.deb
scheduler: none
updates:
  keys: [${key}]
seed:
  keys: [${key}]
  agents:
    - { attributes: { rack: r1 } }
`;

/** Bakes it, or gives how that bake ended if a test file of this run has done it; bakeOnce() is that of the example. */
export async function bakeClusterdOnce(): Promise<Ended> {
  if (existsSync(remembered)) return JSON.parse(readFileSync(remembered, 'utf8')) as Ended;
  await prepareRun();
  writeFileSync(clusterdSpec, spec);
  const locked = await startIngot(['lock', clusterdSpec]).ended;
  const ended =
    locked.exitCode === 0
      ? await startIngot([
          ...['bake', clusterdSpec, '--out', clusterdStore, '--cache', cacheFolder, '--sign', signingKeyFile],
        ]).ended
      : locked;
  writeFileSync(remembered, JSON.stringify(ended));
  return ended;
}
