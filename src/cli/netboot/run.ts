import { join, resolve } from 'node:path';
import { exitCodes } from '../../host/ingot-error.ts';
import { makeNetbootTree } from '../../netboot/netboot-tree.ts';
import type { netbootShape } from '../shapes/small-shapes.ts';
import { jsonText } from '../shared/json-text.ts';
import { signerOf } from '../shared/signer-of.ts';
import type { World } from '../world.ts';
import type { NetbootInput } from './options.ts';
import { treeText } from './text.ts';

/** ingot netboot: creates or updates the folder from which machines boot; prints its parts on stdout. */
export async function makeNetboot(world: World, input: NetbootInput): Promise<number> {
  const { spec, out, into } = input;
  const key = await signerOf(world, input);
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
  const files = ['tree', 'dnsmasq.conf', 'nginx.conf'].map((name) => join(folder, name));
  if (input.json) world.out(jsonText<typeof netbootShape>({ schema: 1, folder, files }));
  else for (const file of files) world.out(`${file}\n`);
  return exitCodes.done;
}
