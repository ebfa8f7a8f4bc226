import { type CacheFolders, finishCaches } from '../../bake/bake-caches.ts';
import { type DevBake, fastBake, fastPlan, omittedChecks, requireForFastBake } from '../../bake/fast-bake.ts';
import type { UpToDateRequest } from '../../bake/up-to-date-bake.ts';
import { exitCodes } from '../../host/ingot-error.ts';
import { withPlaces } from '../../inputs/with-places.ts';
import type { Signer } from '../../version/signer.ts';
import { withBakeProgress } from '../progress/bake-progress.ts';
import { durationText } from '../progress/seconds-text.ts';
import type { World } from '../world.ts';
import type { BakeInput } from './options.ts';
import { prepareBake } from './prepare-bake.ts';
import { foldersText } from './text.ts';

/** One line that says what a development version is, and what it is not. */
function devLine({ role, version, made, verified }: DevBake, omitted: readonly string[]): string {
  const booted =
    verified === undefined
      ? 'nothing to do: it was made and booted from the same inputs'
      : `booted once by ${verified.firmware.toUpperCase()}, ${verified.checks.length} checks passed`;
  const left = made && omitted.length > 0 ? `, not checked: ${omitted.join(', ')}` : '';
  return `DEVELOPMENT VERSION of the ${role}, ${version}: ${booted}${left}; it is not in the store\n`;
}

/** Bakes one role for a look, shows its progress, and prints the folder of the development version on stdout. */
export async function runFastBake(
  world: World,
  options: BakeInput,
  request: UpToDateRequest,
  { caches, seedKey }: { readonly caches: CacheFolders; readonly seedKey: Signer | undefined },
): Promise<number> {
  const { host } = world;
  const { read, specFile, out } = request;
  const [role = 'master'] = request.roles;
  await requireForFastBake({ out, accelerator: world.env['INGOT_ACCEL'], seedKey }, read.plan, role);
  const { quiet, verbose } = options;
  const begun = host.now();
  const made = await withBakeProgress(
    { stream: world.stream, quiet, verbose, now: () => host.now(), cache: caches.own },
    async (progress, watch) => {
      const change = (plan: typeof read.plan) => fastPlan(plan, role);
      const prepared = await prepareBake(world, options, request, { caches, progress, watch, change });
      const { cache, stages, say } = prepared;
      const baked = await withPlaces(specFile, () =>
        fastBake(host, prepared.request, { cache, stages, seedKey }, progress),
      );
      await finishCaches(host, caches, stages, say);
      return baked;
    },
  );
  // Also with --quiet: nobody should take it for a version for use.
  world.err(devLine(made, omittedChecks(read.plan, role)));
  if (!quiet)
    world.err(
      `${durationText((host.now() - begun) / 1000)}; to look at it: ingot shell ${role} dev; for use: ingot bake without --fast\n`,
    );
  world.out(foldersText([{ ...made, published: false, dev: true }], options.json));
  return exitCodes.done;
}
