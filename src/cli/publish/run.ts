import { resolve } from 'node:path';
import { exitCodes } from '../../host/ingot-error.ts';
import { admitVersions } from '../../publish/admit.ts';
import { placeOf } from '../../publish/places.ts';
import { publicKey } from '../../version/key-files.ts';
import { withProgress } from '../progress/progress.ts';
import type { publishShape } from '../shapes/publish-shapes.ts';
import { jsonText } from '../shared/json-text.ts';
import { signerOf } from '../shared/signer-of.ts';
import type { World } from '../world.ts';
import { channelsToPublish } from './channels.ts';
import { versionFoldersOf } from './folders.ts';
import type { PublishInput } from './options.ts';
import { publishedText } from './text.ts';

/** ingot publish: verifies versions and publishes them to a place; prints the address on stdout. */
export async function publish(world: World, input: PublishInput): Promise<number> {
  const { host, signal, cwd, env } = world;
  const { to, key = [], quiet, json } = input;
  const place = placeOf(to);
  const keys = await Promise.all(key.map((file) => publicKey(resolve(cwd, file))));
  const allow = { unverified: input.allowUnverified, standIns: input.allowStandIns };
  const folders = await versionFoldersOf(world, input);
  // The key of the environment signs only if it is asked for: it is there for bakes.
  const signer = (input.sign ?? input.signer) === undefined ? undefined : await signerOf(world, input);
  const view = { stream: world.stream, quiet, now: () => host.now() };
  const { versions, published } = await withProgress(view, async (progress) => {
    const versions = await admitVersions(host, { folders, keys, allow, signal, progress });
    const channels = await channelsToPublish(world, keys, folders);
    const request = { to, versions, cwd, env, progress, signal, channels, signer };
    const published = await place.publish(host, request);
    return { versions, published };
  });
  const { address, sentBytes, presentBytes, channels, leftChannels } = published;
  for (const why of leftChannels) host.warn?.(why);
  if (json) {
    const facts = new Map(versions.map((one) => [one.role, one]));
    world.out(
      jsonText<typeof publishShape>({
        ...{ schema: 1, to, address, sentBytes, presentBytes },
        channels: [...channels],
        versions: published.versions.map((one) => ({
          ...one,
          folder: facts.get(one.role)?.folder ?? '',
          standIns: facts.get(one.role)?.standIns ?? true,
          signedBy: facts.get(one.role)?.signedBy ?? [],
        })),
      }),
    );
    return exitCodes.done;
  }
  world.err(publishedText(published));
  world.out(`${address}\n`);
  return exitCodes.done;
}
