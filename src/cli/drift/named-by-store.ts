import { channelNames } from '../../channel/channel-names.ts';
import type { PointedVersions, Rollout } from '../../channel/channel-pointer.ts';
import { peekRevocations } from '../../channel/peek-channel.ts';
import { readPointer, readRevocations, usableChannel } from '../../channel/read-channel.ts';
import type { Revocation } from '../../channel/revocation-list.ts';
import { goldenOf } from '../../fleet/fleet-golden.ts';
import type { Golden } from '../../fleet/golden.ts';
import type { FleetNode } from '../../fleet/inventory/fleet-node.ts';
import type { RunningRollout } from '../../fleet/judge-fleet.ts';
import { IngotError } from '../../host/ingot-error.ts';
import { allRoles, type Role } from '../../inputs/roles.ts';
import { inventoryDigest, shareOf, type WaveNode } from '../../wave/wave-share.ts';
import { channelKeysOf, channelReader } from '../shared/channel-reader.ts';
import type { World } from '../world.ts';
import type { DriftInput } from './options.ts';

type Named = Pick<DriftInput, 'out' | 'expect' | 'channel' | 'key'>;

/** The versions that nobody may run. With keys, the list is verified, and an older one is not accepted. */
async function revokedVersions(world: World, out: string, key: Named['key']): Promise<readonly Revocation[]> {
  if (key === undefined) {
    const list = await peekRevocations(out);
    if (typeof list !== 'string') return list?.revoked ?? [];
    throw new IngotError({
      code: 'wrong-channel',
      message: list,
      hint: 'copy the folder channels of the store again: nodes with a revoked version would not be reported',
    });
  }
  const reader = channelReader(world, out, await channelKeysOf(world, key));
  const pointers = await Promise.all(channelNames.map((channel) => readPointer(reader, channel)));
  const least = Math.max(0, ...pointers.map((pointer) => pointer?.value.revocations ?? 0));
  return (await readRevocations(reader, least))?.value.revoked ?? [];
}

/** What a store says about the versions of nodes. */
export interface NamedByStore {
  readonly golden: Map<Role, Golden>;
  readonly revoked: readonly Revocation[];
  /** A rollout of the channel that is on its way. */
  readonly rollout: RunningRollout | undefined;
}

/** The versions that a pointer names, except for roles for which the user named one. */
function goldenRoles(versions: PointedVersions, asked: ReadonlySet<Role>): Map<Role, Golden> {
  return new Map(
    allRoles.flatMap((role): [Role, Golden][] => {
      const named = versions[role];
      return named === undefined || asked.has(role)
        ? []
        : [[role, { ...named, from: { kind: 'asked for' } }]];
    }),
  );
}

/**
 * Which nodes of an inventory a rollout has reached.
 * @param warn called if the inventory is not the one of the rollout: then no node counts as reached
 */
function runningRollout(
  { versions, percent, settled, salt, inventory }: Rollout,
  before: ReadonlyMap<Role, Golden>,
  nodes: readonly FleetNode[],
  warn: (why: string) => void,
): RunningRollout {
  const own = nodes.flatMap(({ role, ...node }): WaveNode[] =>
    role === undefined || versions[role] === undefined ? [] : [{ ...node, role }],
  );
  const same = inventoryDigest(own) === inventory;
  if (!same)
    warn(
      'the inventory is not the one of the rollout: which nodes its earlier waves have reached is not known',
    );
  const done = same ? shareOf(own, settled, salt).map(({ name }) => name) : [];
  return { percent, before, done: new Set(done) };
}

/** What the store says that nodes should run, and what they must not. */
export async function namedByStore(
  world: World,
  out: string,
  { out: outNamed, expect, channel, key }: Named,
  nodes: readonly FleetNode[],
): Promise<NamedByStore> {
  let rollout: RunningRollout | undefined;
  const golden = await goldenOf({ out, outNamed: outNamed !== undefined, expect });
  if (channel !== undefined) {
    const reader = channelReader(world, out, await channelKeysOf(world, key));
    const pointer = await usableChannel(reader, channel);
    const asked = new Set(allRoles.filter((role) => golden.get(role)?.from.kind === 'asked for'));
    const named = { ...pointer.versions, ...pointer.rollout?.versions };
    for (const [role, one] of goldenRoles(named, asked)) golden.set(role, one);
    if (pointer.rollout !== undefined)
      rollout = runningRollout(pointer.rollout, goldenRoles(pointer.versions, asked), nodes, (why) =>
        world.host.warn?.(why),
      );
  }
  return { golden, revoked: await revokedVersions(world, out, key), rollout };
}
