import { listVersions } from '../../channel/store-overview.ts';
import { exitCodes } from '../../host/ingot-error.ts';
import type { listShape } from '../shapes/channel-shapes.ts';
import { channelKeysOf, channelReader } from '../shared/channel-reader.ts';
import { jsonText } from '../shared/json-text.ts';
import { pointerText } from '../shared/pointer-text.ts';
import { namesOfStore } from '../shared/store-names.ts';
import type { World } from '../world.ts';
import type { ListInput } from './options.ts';
import { listText } from './text.ts';

/** ingot list: the versions of a store with the channels that name them; exit 1 if a channel must not be used. */
export async function listStore(world: World, { out, role, key, json }: ListInput): Promise<number> {
  const reader = channelReader(world, out, await channelKeysOf(world, key));
  const names = await namesOfStore(reader);
  const all = await listVersions(reader.out, names);
  const versions = all.filter((one) => role === undefined || one.role === role);
  const verified = key !== undefined;
  if (json)
    world.out(
      jsonText<typeof listShape>({
        schema: 1,
        verified,
        versions,
        channels: names.pointers,
        revoked: names.revoked,
        problems: names.problems,
      }),
    );
  else {
    world.out(listText(versions));
    if (all.length === 0) world.err(`${reader.out} has no versions yet\n`);
    for (const pointer of names.pointers)
      world.err(`${pointerText(pointer)}${verified ? '' : ', not verified (--key)'}\n`);
  }
  for (const problem of names.problems) world.err(`${problem}\n`);
  return names.problems.length > 0 ? exitCodes.failed : exitCodes.done;
}
