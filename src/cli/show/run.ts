import { isChannelName } from '../../channel/channel-names.ts';
import { namedForChannel } from '../../channel/named-for-channel.ts';
import { readPointer } from '../../channel/read-channel.ts';
import { type ListedVersion, listedVersion } from '../../channel/store-overview.ts';
import { exitCodes, IngotError } from '../../host/ingot-error.ts';
import { latestVersion } from '../../store/latest-version.ts';
import { noImage } from '../../store/require-version.ts';
import { withProgress } from '../progress/progress.ts';
import type { showShape } from '../shapes/channel-shapes.ts';
import { channelKeysOf, channelReader } from '../shared/channel-reader.ts';
import { jsonText } from '../shared/json-text.ts';
import { namesOfStore } from '../shared/store-names.ts';
import {
  type CheckedVersion,
  checkVersions,
  isRefused,
  requireNotRefused,
} from '../verify/check-versions.ts';
import type { World } from '../world.ts';
import type { ShowInput } from './options.ts';
import { showText } from './text.ts';

/** Reads every file of versions, if keys are named. */
async function verified(
  world: World,
  versions: readonly ListedVersion[],
  key: readonly string[] | undefined,
): Promise<CheckedVersion[] | undefined> {
  if (key === undefined) return undefined;
  const folders = versions.map(({ folder }) => folder);
  return withProgress({ stream: world.stream, now: () => world.host.now() }, (progress) =>
    checkVersions(world, { folders, keys: key, rehearsed: undefined }, progress),
  );
}

/** ingot show: one version of a store, or those that a channel names; exit 1 if it is not as it was signed. */
export async function show(world: World, input: ShowInput): Promise<number> {
  const reader = channelReader(world, input.out, await channelKeysOf(world, input.key));
  const names = await namesOfStore(reader);
  const named = await namedForChannel(input.version, reader.out, async (channel) => {
    // With keys, the reason why a channel must not be used is an error of its own.
    if (reader.keys.length > 0) return (await readPointer(reader, channel))?.value;
    return names.pointers.find((one) => one.channel === channel);
  });
  const wanted = named.filter(({ role }) => input.role === undefined || role === input.role);
  if (wanted.length === 0)
    throw noImage({
      out: reader.out,
      ...(input.role === undefined ? {} : { role: input.role }),
      version: input.version,
    });
  const versions = await Promise.all(
    wanted.map(async (one) =>
      listedVersion(one, (await latestVersion(reader.out, one.role))?.version, names),
    ),
  );
  const checked = await verified(world, versions, input.key);
  const pointer = isChannelName(input.version)
    ? names.pointers.find(({ channel }) => channel === input.version)
    : undefined;
  if (input.json)
    world.out(
      jsonText<typeof showShape>({
        schema: 1,
        versions: versions.map((one, index) => ({
          ...one,
          verified: checked === undefined ? null : !isRefused(checked[index] as CheckedVersion),
        })),
        channel: pointer ?? null,
        problems: names.problems,
      }),
    );
  else world.out(showText(versions, checked, pointer));
  for (const problem of names.problems) world.err(`${problem}\n`);
  if (checked !== undefined) requireNotRefused(checked);
  const [revoked] = versions.filter((one) => one.revoked !== null);
  if (checked !== undefined && revoked?.revoked != null)
    throw new IngotError({
      code: 'revoked-version',
      message: `${revoked.role} ${revoked.version} was revoked on ${revoked.revoked.on}: ${revoked.revoked.why}`,
      hint: 'do not use it: ingot list shows the other versions',
    });
  return names.problems.length > 0 ? exitCodes.failed : exitCodes.done;
}
