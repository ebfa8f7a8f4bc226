import { channelNames } from '../../channel/channel-names.ts';
import { peekRevocations } from '../../channel/peek-channel.ts';
import { readPointer, readRevocations, usableChannel } from '../../channel/read-channel.ts';
import type { Revocation } from '../../channel/revocation-list.ts';
import { goldenOf } from '../../fleet/fleet-golden.ts';
import type { Golden } from '../../fleet/golden.ts';
import { IngotError } from '../../host/ingot-error.ts';
import { allRoles, type Role } from '../../inputs/roles.ts';
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

/** What the store says that nodes should run, and what they must not. */
export async function namedByStore(
  world: World,
  out: string,
  { out: outNamed, expect, channel, key }: Named,
): Promise<{ golden: Map<Role, Golden>; revoked: readonly Revocation[] }> {
  const golden = await goldenOf({ out, outNamed: outNamed !== undefined, expect });
  if (channel !== undefined) {
    const reader = channelReader(world, out, await channelKeysOf(world, key));
    const { versions } = await usableChannel(reader, channel);
    for (const role of allRoles) {
      const named = versions[role];
      const asked = golden.get(role)?.from.kind === 'asked for';
      if (named !== undefined && !asked) golden.set(role, { ...named, from: { kind: 'asked for' } });
    }
  }
  return { golden, revoked: await revokedVersions(world, out, key) };
}
