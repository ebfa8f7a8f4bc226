import { existsSync, readdirSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import type { Artifacts } from '../disk/artifacts.ts';
import { inParallel } from '../host/in-parallel.ts';
import type { ProgressStage } from '../host/progress-stage.ts';
import { poolFiles } from '../inputs/lock/wanted-files.ts';
import type { Role, RolePlan } from '../inputs/plan/plan.ts';
import type { ComposedTree } from './build/composed-tree.ts';
import { readyPacker } from './packer/installed-packer.ts';
import { mustRun, runJointStage, type RunningBake, runStage, type StageContext } from './run-stage.ts';
import { artifacts } from './stages/artifacts.ts';
import { changes } from './stages/changes.ts';
import { packages } from './stages/packages.ts';
import { root, type SealedRole } from './stages/root.ts';
import { shared } from './stages/shared.ts';
import { tree, unpackComposed } from './stages/tree.ts';

/** The tree of each role that is to be sealed. */
type Trees = ReadonlyMap<Role, ComposedTree>;

/** An image that is built but not yet published. */
export interface BuiltImage extends SealedRole {
  readonly role: RolePlan;
  /** Absolute; its content is what will be published. */
  readonly folder: string;
  readonly artifacts: Artifacts;
}

/** Returns the result of an earlier stage for a role. */
function made<Value>(of: ReadonlyMap<Role, Value>, role: Role): Value {
  const found = of.get(role);
  if (found === undefined) throw new Error(`${role} was not composed`);
  return found;
}

/** The kernel in the /boot of a tree; undefined if the tree has none. */
function kernelBelow(tree: string): string | undefined {
  const boot = join(tree, 'boot');
  const name = existsSync(boot) ? readdirSync(boot).find((one) => one.startsWith('vmlinuz-')) : undefined;
  return name === undefined ? undefined : join(boot, name);
}

/** How the build guests are shown, and kept after a failure. */
const guestsOf = ({ showBake, watch }: RunningBake['request']) => ({ showBake, hold: watch?.hold });

/** The roles whose golden root has to be sealed. */
const toSeal = (bake: RunningBake): readonly RolePlan[] =>
  bake.roles.filter(({ role }) => mustRun(bake, root, role));

/**
 * Returns the tree that the roles share. While it is composed, by programs that mostly run one after another, other
 * processors decompress the packages of the roles into the folder `plain`.
 */
async function sharedTree(
  bake: RunningBake,
  place: StageContext,
  { roles, plain }: { readonly roles: readonly RolePlan[]; readonly plain: string },
): Promise<string> {
  const { locked } = bake.request;
  const idle = mustRun(bake, shared, null) ? availableParallelism() - 1 : 0;
  const enough = new AbortController();
  const compose = async (signal: AbortSignal) => {
    try {
      return [await runStage(bake, shared, { ...place, signal }, () => locked)];
    } finally {
      enough.abort();
    }
  };
  const decompress = async (signal: AbortSignal): Promise<string[]> => {
    const { decompressDebs } = await import('./compose/plain-debs.ts');
    const debs = poolFiles(
      locked.lock,
      roles.map(({ role }) => role),
    );
    const what = { pool: locked.pool, debs, folder: plain, processors: Math.min(idle, 4) };
    await decompressDebs(bake.host, { ...what, signal, enough: enough.signal });
    return [];
  };
  const found = await inParallel(place.signal, idle > 0 ? [compose, decompress] : [compose]);
  return found.flat()[0] ?? '';
}

/**
 * Composes the tree of every role that has to be sealed, in parallel. The shared tree is composed only if it is needed.
 */
export async function composeTrees(bake: RunningBake, progress: ProgressStage): Promise<Trees> {
  const { request, templates } = bake;
  const { locked, signal } = request;
  // A Packer that cannot build is reported now, not after minutes of composing.
  if (bake.roles.some(({ role }) => mustRun(bake, changes, role))) await readyPacker(bake.host);
  const composeRole = async (
    plan: RolePlan,
    place: StageContext,
    { base, plain }: { readonly base: string; readonly plain: string },
  ) => {
    const { role } = plan;
    const composed = await runStage(bake, tree, place, async () => {
      const given = () => ({ role, locked, shared: base, plain });
      return { role: plan, templates, packages: await runStage(bake, packages, place, given) };
    });
    return [role, composed] as const;
  };
  const compose = async (stage: ProgressStage, roles: readonly RolePlan[]): Promise<Trees> => {
    const unpacked = roles.filter(({ role }) => mustRun(bake, tree, role) && mustRun(bake, packages, role));
    const groups = [
      ...(mustRun(bake, shared, null) ? (['shared'] as const) : []),
      ...unpacked.map(({ role }) => role),
    ];
    if (groups.length > 0) await stage.stage('pool', (line) => request.fillPool(groups, line));
    const place = { role: null, signal, progress: stage };
    const plain = join(bake.run.work, 'plain');
    const base = unpacked.length === 0 ? '' : await sharedTree(bake, place, { roles: unpacked, plain });
    // Beside the packages of the roles, because it takes seconds where KVM does not work.
    const proof = async () => {
      const needed = roles.some(({ role }) => mustRun(bake, changes, role));
      const kernel = needed && base !== '' ? kernelBelow(base) : undefined;
      if (kernel !== undefined) await bake.accelerator.with(kernel);
      return [];
    };
    const parts = roles.map((plan) => async (either: AbortSignal) => {
      const { role } = plan;
      const at = (line: ProgressStage) =>
        composeRole(plan, { role, signal: either, progress: line }, { base, plain });
      return [await (mustRun(bake, tree, role) ? stage.stage(role, at) : at(stage))];
    });
    const composed = (await inParallel(signal, [proof, ...parts])).flat();
    await rm(plain, { recursive: true, force: true });
    return new Map(composed);
  };
  const roles = toSeal(bake);
  if (!roles.some(({ role }) => mustRun(bake, tree, role))) return compose(progress, roles);
  return progress.stage('compose', (stage) => compose(stage, roles));
}

/**
 * Boots the build guests of all roles in parallel. Meanwhile, trees that the cache holds as archives are unpacked for
 * the seal.
 * @returns for each role that has to be sealed, the file with its guest's changes
 */
export async function changeTrees(
  bake: RunningBake,
  trees: Trees,
  progress: ProgressStage,
): Promise<ReadonlyMap<Role, string>> {
  const { host, run, request, templates } = bake;
  const roles = toSeal(bake);
  const [first] = roles.filter(({ role }) => mustRun(bake, changes, role));
  const accelerator =
    first === undefined ? undefined : await bake.accelerator.with(made(trees, first.role).kernel);
  const guest = async (either: AbortSignal) => {
    const places = roles.map(({ role }) => ({ role, signal: either, progress }));
    return runJointStage(bake, changes, places, (name) => {
      const role = roles.find((one) => one.role === name);
      if (role === undefined || accelerator === undefined) throw new Error(`${name} has no guest`);
      return { role, composed: made(trees, name), templates, accelerator, ...guestsOf(request) };
    });
  };
  const unpack = [...trees.values()].map((one) => async (signal: AbortSignal) => {
    await unpackComposed(one, { host, run, signal });
    return new Map<Role, string>();
  });
  const changed = await inParallel(request.signal, [guest, ...unpack]);
  return new Map(changed.flatMap((one) => [...one]));
}

/**
 * Returns the image of every role, staged for the store. Seals and assembles what the cache does not have, all roles in
 * parallel.
 */
export async function sealImages(
  bake: RunningBake,
  trees: Trees,
  changed: ReadonlyMap<Role, string>,
  progress: ProgressStage,
): Promise<BuiltImage[]> {
  const { cache, run, request, templates } = bake;
  const { lock } = request.locked;
  // Files of earlier stages may still be being copied into the cache, and sealing changes the trees.
  await cache.settled();
  const imageOf = async (plan: RolePlan, place: StageContext): Promise<BuiltImage> => {
    const { role } = plan;
    const sealed = await runStage(bake, root, place, () => ({
      ...{ role: plan, templates, composed: made(trees, role), changes: made(changed, role) },
    }));
    const files = await runStage(bake, artifacts, place, () => ({ ...sealed, role: plan, templates, lock }));
    const folder = join(run.staged, role);
    return { ...sealed, role: plan, folder, artifacts: files };
  };
  return progress.stage('seal', (stage) =>
    inParallel(
      request.signal,
      bake.roles.map((plan) => (signal: AbortSignal) => {
        const { role } = plan;
        const at = (line: ProgressStage) => imageOf(plan, { role, signal, progress: line });
        return mustRun(bake, artifacts, role) ? stage.stage(role, at) : at(stage);
      }),
    ),
  );
}
