import { join, resolve } from 'node:path';
import { exitCodes } from '../../host/ingot-error.ts';
import { makeNetbootTree } from '../../netboot/netboot-tree.ts';
import { keyOf } from '../shared/key-of.ts';
import type { World } from '../world.ts';
import type { NetbootInput } from './options.ts';
import { treeText } from './text.ts';

/** ingot netboot: creates or updates the folder from which machines boot; prints its parts on stdout. */
export async function makeNetboot(world: World, { spec, out, into, sign }: NetbootInput): Promise<number> {
  const key = await keyOf(world, sign);
  const folder = resolve(world.cwd, into);
  const made = await makeNetbootTree({
    ...{ specFile: spec, out: resolve(world.cwd, out), into: folder, signingKey: key, warn: world.host.warn },
  });
  world.err(treeText(made));
  const { plan } = made;
  if (folder !== plan.folder)
    world.err(
      `dnsmasq.conf and nginx.conf are for a server that has this folder at ${plan.folder} (netboot.folder)\n`,
    );
  for (const name of ['tree', 'dnsmasq.conf', 'nginx.conf']) world.out(`${join(folder, name)}\n`);
  return exitCodes.done;
}
