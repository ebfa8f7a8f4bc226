import { resolve } from 'node:path';
import { exitCodes } from '../../host/ingot-error.ts';
import { allRoles } from '../../inputs/plan/plan.ts';
import { admitVersions } from '../../publish/admit.ts';
import { placeOf } from '../../publish/places.ts';
import { requireVersion } from '../../store/require-version.ts';
import { publicKey } from '../../version/key-files.ts';
import { withProgress } from '../progress/progress.ts';
import type { publishShape } from '../shapes/publish-shapes.ts';
import { namedVersionFolder } from '../shared/folder-of.ts';
import { jsonText } from '../shared/json-text.ts';
import type { World } from '../world.ts';
import type { PublishInput } from './options.ts';
import { publishedText } from './text.ts';

/** The version folders that the user named, otherwise the latest of both roles. */
async function foldersOf(world: World, { folders, out }: PublishInput): Promise<string[]> {
  if (folders.length > 0) return Promise.all(folders.map((named) => namedVersionFolder(world, named)));
  const store = resolve(world.cwd, out);
  const why = { hint: 'bake one, name another store with --out FOLDER, or name the folders to publish' };
  const found: string[] = [];
  for (const role of allRoles) found.push((await requireVersion(store, role, why)).folder);
  return found;
}

/** ingot publish: verifies versions and publishes them to a place; prints the address on stdout. */
export async function publish(world: World, input: PublishInput): Promise<number> {
  const { host, signal, cwd, env } = world;
  const { to, key = [], quiet, json } = input;
  const place = placeOf(to);
  const keys = await Promise.all(key.map((file) => publicKey(resolve(cwd, file))));
  const allow = { unverified: input.allowUnverified, standIns: input.allowStandIns };
  const folders = await foldersOf(world, input);
  const view = { stream: world.stream, quiet, now: () => host.now() };
  const { versions, published } = await withProgress(view, async (progress) => {
    const versions = await admitVersions(host, { folders, keys, allow, signal, progress });
    const published = await place.publish(host, { to, versions, cwd, env, progress, signal });
    return { versions, published };
  });
  const { address, sentBytes, presentBytes } = published;
  if (json) {
    const facts = new Map(versions.map((one) => [one.role, one]));
    world.out(
      jsonText<typeof publishShape>({
        ...{ schema: 1, to, address, sentBytes, presentBytes },
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
