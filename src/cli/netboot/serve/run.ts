import { resolve } from 'node:path';
import { exitCodes } from '../../../host/ingot-error.ts';
import { progressLine } from '../../../netboot/machine-progress.ts';
import { serveTree } from '../../../netboot/serve-tree.ts';
import type { netbootServeShape } from '../../shapes/small-shapes.ts';
import { jsonLine } from '../../shared/json-text.ts';
import { signerOf } from '../../shared/signer-of.ts';
import type { World } from '../../world.ts';
import { treeText } from '../text.ts';
import type { NetbootServeInput } from './options.ts';

/**
 * ingot netboot serve: DHCP, TFTP and HTTP for a lab, in the foreground; prints what each machine does until Ctrl-C.
 */
export async function serveNetboot(world: World, options: NetbootServeInput): Promise<number> {
  const { host, cwd, signal } = world;
  await serveTree(host, {
    specFile: options.spec,
    out: resolve(cwd, options.out),
    into: resolve(cwd, options.into),
    signingKey: await signerOf(world, options),
    interface: options.interface,
    signal,
    onReady: (made) => {
      const dhcp = made.plan.pool === null ? 'as a proxy next to your DHCP server' : 'with DHCP';
      world.err(
        `${treeText(made)}serving ${made.plan.url} on ${options.interface}, ${dhcp}; stop with Ctrl-C\n`,
      );
    },
    onProgress: (progress) => {
      world.err(`${progressLine(progress)}\n`);
      if (options.json)
        world.out(
          jsonLine<typeof netbootServeShape>({
            schema: 1,
            time: new Date(host.now()).toISOString(),
            ...progress,
          }),
        );
    },
    onLine: (line) => {
      world.err(`nginx: ${line}\n`);
    },
  });
  world.err('the servers have stopped\n');
  return exitCodes.done;
}
