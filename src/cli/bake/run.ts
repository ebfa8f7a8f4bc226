import { resolve } from 'node:path';
import { claimCache, requireCache } from '../../bake/cache/own-cache.ts';
import { upToDateBake } from '../../bake/up-to-date-bake.ts';
import { exitCodes } from '../../host/ingot-error.ts';
import { allRoles } from '../../inputs/plan/plan.ts';
import { readPlan } from '../../inputs/read-plan.ts';
import { isRegistryAddress } from '../../oci/address.ts';
import { cacheOf } from '../shared/cache-of.ts';
import { poolOf } from '../shared/pool-of.ts';
import { signerOf } from '../shared/signer-of.ts';
import type { World } from '../world.ts';
import type { BakeInput } from './options.ts';
import { foldersText } from './text.ts';

/**
 * ingot bake: builds the images, boots them, runs their checks and publishes any that are not yet in the store; prints
 * the folder of each on stdout.
 */
export async function bake(world: World, options: BakeInput): Promise<number> {
  const { host } = world;
  const begun = host.now();
  const roles = options.role === undefined ? allRoles : [options.role];
  const out = resolve(world.cwd, options.out);
  const caches = cacheOf(world, options);
  for (const folder of [caches.own, caches.to])
    if (folder !== undefined && !isRegistryAddress(folder)) await requireCache(folder);
  // A wrong key is reported now, not after minutes.
  const key = await signerOf(world, options);
  const seedKey = options.seedKey === undefined ? key : await signerOf(world, { sign: options.seedKey });
  let warned = false;
  const warn = (text: string): void => {
    warned = true;
    host.warn?.(text);
  };
  const readSpec = (spec: string) =>
    readPlan({ ...host, warn }, spec, {
      ...{ remember: caches.own, release: options.release },
      pool: () => poolOf(world, options.pool),
    });
  const read = await readSpec(options.spec);
  if (options.more.length > 0) {
    const { clustersOf } = await import('./several-specs.ts');
    const { runSeveral } = await import('./run-several.ts');
    const specs = [{ specFile: options.spec, read }];
    for (const specFile of options.more) specs.push({ specFile, read: await readSpec(specFile) });
    const clusters = await clustersOf(specs, roles, out);
    if (caches.own !== undefined) await claimCache(caches.own).catch(() => undefined);
    return runSeveral(world, options, clusters, { caches, signingKey: key, seedKey });
  }
  const request = { read, specFile: options.spec, roles, out };
  if (options.explain) {
    const { explain } = await import('./explain.ts');
    return explain(world, options, request, caches);
  }
  // A cache that cannot be written does not fail a bake.
  if (caches.own !== undefined) await claimCache(caches.own).catch(() => undefined);
  if (options.fast) {
    const { runFastBake } = await import('./run-fast.ts');
    return runFastBake(world, options, request, { caches, seedKey });
  }
  const stored = caches.own === undefined ? undefined : await upToDateBake(request);
  if (stored === undefined) {
    // Loaded only now: most of ingot is not needed to see that nothing changed.
    const { runBake } = await import('./run-bake.ts');
    return runBake(world, options, request, { caches, signingKey: key, seedKey });
  }
  if (caches.to !== undefined) {
    const { finishCaches } = await import('../../bake/bake-caches.ts');
    await finishCaches(host, caches, stored.stages, (line) => {
      world.err(`${line}\n`);
    });
  }
  const answer = {
    out: foldersText(
      stored.images.map((image) => ({ ...image, published: false })),
      options.json,
    ),
    err: options.quiet
      ? ''
      : `nothing to do: ${stored.images.map(({ role, version }) => `${role} is ${version}`).join(', ')}\n`,
  };
  world.err(answer.err);
  if (key !== undefined) {
    const { signIfUnsigned } = await import('../../bake/publish/sign-images.ts');
    for (const { folder } of stored.images)
      if (await signIfUnsigned(world.host, folder, key)) world.err(`${folder}: signed\n`);
  }
  world.out(answer.out);
  // Only a bake that did nothing besides checking can be answered from a record.
  const didMore = (key ?? seedKey ?? caches.to) !== undefined || warned;
  if (options.fastCheck && !didMore && caches.own !== undefined) {
    const { rememberUnchanged } = await import('./remember-unchanged.ts');
    const checked = { ...request, cache: caches.own, pool: () => poolOf(world, options.pool) };
    await rememberUnchanged(world, checked, { answer, begun });
  }
  return exitCodes.done;
}
