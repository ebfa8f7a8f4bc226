import { basename, join } from 'node:path';
import type { ProgressStage } from '../../host/progress-stage.ts';
import { sideBySide } from '../../host/side-by-side.ts';
import { toolVersion } from '../../inputs/plan/tool-version.ts';
import { renderNodeFiles } from '../../render/render-node-files.ts';
import { buildDisk } from '../compose/build-disk.ts';
import type { ComposeOptions } from '../compose/compose-options.ts';
import { composePackages } from '../compose/compose-packages.ts';
import { composeShared, sharedTreeOf } from '../compose/compose-shared.ts';
import { finishTree } from '../compose/finish-tree.ts';
import { leaveOut } from '../compose/leave-out.ts';
import { neededPaths } from '../compose/needed-paths.ts';
import { packTree, placeBootFiles, unpackTree } from '../compose/tree-file.ts';
import type { ComposedForBake } from '../composed-for-bake.ts';
import { type Making, type MakingRole, rolesOf, runs } from '../making.ts';
import type { Restored } from '../restore-stages.ts';
import { metaOf, valueOf } from '../stage-meta.ts';

/** What the cache keeps of a composed role beside its files. */
interface TreeMeta {
  readonly standIns: readonly string[];
  /** Names in the tree's /boot. */
  readonly kernel: string;
  readonly initrd: string;
}

const packed = 'tree.squashfs';

function optionsOf(making: Making, stage: ProgressStage, signal: AbortSignal): ComposeOptions {
  return { workFolder: making.run.work, logFolder: making.run.logs, signal, onLine: stage.note };
}

/** The tree that the roles share, taken from the cache or made; it is packed for the cache while the roles copy it. */
async function sharedTree(
  making: Making,
  progress: ProgressStage,
): Promise<{ tree: string; packing: Promise<void> }> {
  const { host, request, run, cache, stages, restored, times } = making;
  const options = optionsOf(making, progress, request.signal);
  const there = restored.of(stages.shared);
  const tree = sharedTreeOf(run.work);
  if (there !== undefined) {
    await unpackTree(host, join(there.folder, packed), tree, options);
    return { tree, packing: Promise.resolve() };
  }
  await times.time('compose shared', () => composeShared(host, request.plan, request.locked, options));
  if (!cache.keeps) return { tree, packing: Promise.resolve() };
  const file = join(run.work, `shared-${packed}`);
  const seconds = times.seconds['compose shared'] ?? 0;
  const packing = packTree(host, tree, file, 'cache-shared.log', { ...options, onLine: () => undefined });
  return {
    tree,
    packing: packing.then(() => {
      cache.keep(stages.shared, { [packed]: file }, { meta: null, seconds });
    }),
  };
}

/** The tree of a role's packages, taken from the cache or made on top of the shared one. */
async function packagesTree(
  making: Making,
  { plan: { role }, stages }: MakingRole,
  shared: string,
  options: ComposeOptions,
): Promise<string> {
  const { host, request, run, cache, restored, times } = making;
  const there = restored.of(stages.packages);
  if (there !== undefined) {
    const tree = join(run.work, role, 'tree');
    await unpackTree(host, join(there.folder, packed), tree, options);
    return tree;
  }
  const tree = await times.time(`unpack ${role}`, () =>
    composePackages(host, request.plan, role, request.locked, shared, options),
  );
  if (cache.keeps) {
    // The next stage changes the tree, so it has to be packed first.
    const file = join(run.work, role, `packages-${packed}`);
    await packTree(host, tree, file, `cache-${role}.log`, options);
    const seconds = times.seconds[`unpack ${role}`] ?? 0;
    cache.keep(stages.packages, { [packed]: file }, { meta: null, seconds });
  }
  return tree;
}

async function composeRole(
  making: Making,
  role: MakingRole,
  shared: string,
  options: ComposeOptions,
): Promise<ComposedForBake> {
  const { host, request, templates, run, cache } = making;
  const { plan, stages } = role;
  const begun = host.now();
  const tree = await packagesTree(making, role, shared, options);
  const left = plan.leaveOut ?? [];
  if (left.length > 0) {
    const needed = await neededPaths(request.plan, plan, tree);
    const say = options.onLine === undefined ? {} : { say: options.onLine };
    await leaveOut({ ...{ tree, role: plan.role, leaveOut: left, needed }, ...say });
  }
  const files = (standIns: readonly string[]) => [
    ...renderNodeFiles(templates, request.plan, plan.role, { tool: toolVersion, standIns }),
    ...plan.files,
  ];
  const composed = await finishTree(host, request.plan, plan, tree, files, options);
  const disk = await buildDisk(host, tree, plan.role, join(run.work, plan.role), options);
  const { kernel, initrd, standIns } = composed;
  cache.keep(
    stages.tree,
    { [packed]: disk, vmlinuz: kernel, 'initrd.img': initrd },
    {
      meta: metaOf({ standIns, kernel: basename(kernel), initrd: basename(initrd) } satisfies TreeMeta),
      seconds: (host.now() - begun) / 1000,
    },
  );
  return { role: plan, composed, disk };
}

/** A role whose tree is in the cache: Packer boots it as it is, and it is unpacked meanwhile for the seal. */
function restoredRole({ run }: Making, { plan }: MakingRole, { folder, meta }: Restored): ComposedForBake {
  const { standIns } = valueOf(meta) as TreeMeta;
  const composed = {
    tree: join(run.work, plan.role, 'tree'),
    kernel: join(folder, 'vmlinuz'),
    initrd: join(folder, 'initrd.img'),
    standIns,
  };
  return { role: plan, composed, disk: join(folder, packed) };
}

/** Makes the tree of every role that is to be sealed, or finds it in the cache; the shared tree only when it is needed. */
export async function composeRoles(making: Making, progress: ProgressStage): Promise<ComposedForBake[]> {
  const { request, restored, stages, times } = making;
  const roles = rolesOf(making).filter(({ stages }) => runs(making, stages.root));
  const made = roles.filter(({ stages }) => runs(making, stages.tree));
  const unpacked = made.filter(({ stages }) => runs(making, stages.packages));
  const there = roles.flatMap((role) => {
    const tree = restored.of(role.stages.tree);
    return tree === undefined ? [] : [restoredRole(making, role, tree)];
  });
  if (made.length === 0) return there;
  const groups = [
    ...(runs(making, stages.shared) ? (['shared'] as const) : []),
    ...unpacked.map(({ plan }) => plan.role),
  ];
  if (groups.length > 0) await progress.stage('pool', (stage) => request.fillPool(groups, stage));
  const shared =
    unpacked.length === 0 ? undefined : await progress.stage('shared', (stage) => sharedTree(making, stage));
  const composed = await sideBySide<ComposedForBake | undefined>(request.signal, [
    ...made.map(
      (role) => (either: AbortSignal) =>
        progress.stage(role.plan.role, (stage) =>
          times.time(`compose ${role.plan.role}`, () =>
            composeRole(making, role, shared?.tree ?? '', optionsOf(making, stage, either)),
          ),
        ),
    ),
    () => (shared?.packing ?? Promise.resolve()).then(() => undefined),
  ]);
  return [...there, ...composed.flatMap((one) => one ?? [])];
}

/** Unpacks for the seal the tree of a role that was taken from the cache; one that was composed is there. */
export async function unpackRestored(making: Making, role: MakingRole, signal: AbortSignal): Promise<void> {
  const there = making.restored.of(role.stages.tree);
  if (there === undefined) return;
  const { kernel, initrd } = valueOf(there.meta) as TreeMeta;
  const tree = join(making.run.work, role.plan.role, 'tree');
  const options = { workFolder: making.run.work, logFolder: making.run.logs, signal };
  await unpackTree(making.host, join(there.folder, packed), tree, options);
  await placeBootFiles(tree, [
    { name: kernel, file: join(there.folder, 'vmlinuz') },
    { name: initrd, file: join(there.folder, 'initrd.img') },
  ]);
}
