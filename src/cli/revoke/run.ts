import { isChannelName } from '../../channel/channel-names.ts';
import { namedForChannel } from '../../channel/named-for-channel.ts';
import { revokeVersion } from '../../channel/revoke-version.ts';
import { exitCodes, IngotError } from '../../host/ingot-error.ts';
import { isVersionName } from '../../version/version-name.ts';
import type { revokeShape } from '../shapes/channel-shapes.ts';
import { channelKeysOf, channelReader } from '../shared/channel-reader.ts';
import { channelSignerOf } from '../shared/channel-signer.ts';
import { jsonText } from '../shared/json-text.ts';
import type { World } from '../world.ts';
import type { RevokeInput } from './options.ts';

/** ingot revoke: adds a version to the signed list of revoked versions. */
export async function revoke(world: World, input: RevokeInput): Promise<number> {
  const { version: name, why } = input;
  // "latest" or a channel may name another version by the time that somebody reads the reason.
  if (!isVersionName(name))
    throw new IngotError({
      code: 'wrong-usage',
      message: `${name} is not the name of a version${isChannelName(name) ? ', but of a channel' : ''}`,
      hint: 'ingot list shows the names, such as 20261128-34df6ba5d428',
    });
  const signer = await channelSignerOf(world, input);
  const reader = channelReader(world, input.out, await channelKeysOf(world, input.key, signer));
  const [found] = await namedForChannel(name, reader.out, () => Promise.resolve(undefined));
  if (found === undefined) throw new Error(`${name} was found and is missing`);
  const { role, version, rootHash } = found;
  const on = new Date(world.host.now()).toISOString();
  const done = await revokeVersion(reader, signer, { role, version, rootHash, why, on });
  if (input.json)
    world.out(
      jsonText<typeof revokeShape>({
        schema: 1,
        ...{ role, version, rootHash, added: done.added, counter: done.list.counter },
        namedBy: done.namedBy,
      }),
    );
  else world.out(`${role} ${version}: ${done.added ? 'revoked' : 'was already revoked'}\n`);
  for (const channel of done.namedBy)
    world.err(
      `${channel} still names it, and readers refuse ${channel} until another version is promoted to it\n`,
    );
  return exitCodes.done;
}
