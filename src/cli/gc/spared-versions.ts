import { resolve } from 'node:path';
import { keptByChannels } from '../../channel/kept-by-channels.ts';
import { readInventory } from '../../fleet/drift-fleet.ts';
import { heldVersions } from '../../fleet/held-versions.ts';
import { querySource } from '../../fleet/sources/query-source.ts';
import { allRoles } from '../../inputs/roles.ts';
import type { SparedVersions } from '../../store/old-versions.ts';
import { readPins } from '../../store/pins.ts';
import { withProgress } from '../progress/progress.ts';
import type { World } from '../world.ts';
import type { GcInput } from './options.ts';

const dayMs = 86_400_000;

/** The versions that the nodes of an inventory hold. */
async function heldByNodes(
  world: World,
  file: string,
  sshConfig: string | undefined,
): Promise<Map<string, string>> {
  const { host, cwd, env, signal } = world;
  const query = querySource({
    configFile: sshConfig === undefined ? undefined : resolve(cwd, sshConfig),
    last: true,
    timeoutMs: 60_000,
    env,
  });
  const nodes = await readInventory(resolve(cwd, file));
  return withProgress({ stream: world.stream, now: () => host.now() }, (progress) =>
    heldVersions({ nodes, query, signal, parallel: 32 }, progress),
  );
}

/**
 * What `ingot gc` keeps besides the newest versions: what channels, pins and nodes name, and what is young.
 * @throws IngotError wrong-channel, unknown-nodes, unusable-folder if it is not known what is named
 */
export async function sparedVersions(world: World, out: string, options: GcInput): Promise<SparedVersions> {
  const named = new Map(await keptByChannels(out));
  for (const [version, reason] of await readPins(out))
    for (const role of allRoles)
      named.set(`${role}/${version}`, `it is pinned${reason === '' ? '' : `: ${reason}`}`);
  if (options.inventory !== undefined)
    for (const [name, why] of await heldByNodes(world, options.inventory, options.sshConfig))
      named.set(name, why);
  if (options.keepDays === undefined) return { named };
  return { named, since: world.host.now() - options.keepDays * dayMs };
}
