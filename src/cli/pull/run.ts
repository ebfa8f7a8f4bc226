import { resolve } from 'node:path';
import { exitCodes } from '../../host/ingot-error.ts';
import { pullFromRegistry } from '../../publish/oci/pull-registry.ts';
import { publicKey } from '../../version/key-files.ts';
import { withProgress } from '../progress/progress.ts';
import type { pullShape } from '../shapes/publish-shapes.ts';
import { memoryFolder } from '../shared/channel-reader.ts';
import { jsonText } from '../shared/json-text.ts';
import type { World } from '../world.ts';
import type { PullInput } from './options.ts';

/** ingot pull: brings versions from a registry into the store; prints their folders on stdout. */
export async function pull(world: World, input: PullInput): Promise<number> {
  const { host, signal, cwd, env } = world;
  const { from, key = [], role, channel, allowOlder, quiet, json } = input;
  const keys = await Promise.all(key.map((file) => publicKey(resolve(cwd, file))));
  const out = resolve(cwd, input.out);
  const view = { stream: world.stream, quiet, now: () => host.now() };
  const versions = await withProgress(view, (progress) =>
    pullFromRegistry(host, {
      ...{ from, out, keys, role, channel, allowOlder, env, progress, signal },
      memory: memoryFolder(world),
    }),
  );
  if (json) world.out(jsonText<typeof pullShape>({ schema: 1, from, versions }));
  else for (const { folder } of versions) world.out(`${folder}\n`);
  return exitCodes.done;
}
