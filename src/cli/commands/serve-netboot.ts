import { resolve } from 'node:path';
import { exitCodes } from '../../host/ingot-error.ts';
import { progressLine } from '../../netboot/machine-progress.ts';
import { serveTree } from '../../netboot/serve-tree.ts';
import { keyOf } from '../key-of.ts';
import type { World } from '../world.ts';
import { type NetbootOptions, treeText } from './netboot.ts';

interface ServeOptions extends NetbootOptions {
  readonly interface: string;
  readonly json: boolean;
}

/** ingot netboot serve: DHCP, TFTP and HTTP for a lab, in the foreground; shows what each machine does until Ctrl-C. */
export async function serveNetboot(world: World, options: ServeOptions): Promise<number> {
  const { host, cwd, signal } = world;
  await serveTree(host, {
    specFile: options.spec,
    out: resolve(cwd, options.out),
    into: resolve(cwd, options.into),
    signingKey: await keyOf(world, options.sign),
    interface: options.interface,
    signal,
    onReady: (made) => {
      const dhcp = made.plan.pool === null ? 'as a proxy beside your DHCP server' : 'with DHCP';
      world.err(
        `${treeText(made)}serving ${made.plan.url} on ${options.interface}, ${dhcp}; Ctrl-C ends it\n`,
      );
    },
    onProgress: (progress) => {
      world.err(`${progressLine(progress)}\n`);
      if (options.json)
        world.out(`${JSON.stringify({ time: new Date(host.now()).toISOString(), ...progress })}\n`);
    },
    onLine: (line) => {
      world.err(`nginx: ${line}\n`);
    },
  });
  world.err('the servers have ended\n');
  return exitCodes.done;
}
