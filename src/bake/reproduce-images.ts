import { join } from 'node:path';
import { compareVersions } from '../diff/compare/compare-versions.ts';
import type { VersionDifference } from '../diff/compare/version-difference.ts';
import { withLogs } from '../host/failure-notes.ts';
import type { Host } from '../host/host.ts';
import type { ProgressStage } from '../host/progress-stage.ts';
import type { Plan, Role } from '../inputs/plan/plan.ts';
import { requireVersion } from '../store/require-version.ts';
import { closeRunFolder, openRunFolder, type RunFolder } from '../store/run-folder.ts';
import { compressionLevelOf } from '../version/read-manifest.ts';
import type { BuildRequest } from './bake-request.ts';
import { bakeStagesOf } from './bake-stages-of.ts';
import { beginBake } from './begin-bake.ts';
import { changeTrees, composeTrees, sealImages } from './build-images.ts';
import { StageCache } from './cache/stage-cache.ts';
import { hostPrograms, programsSince } from './records/program-record.ts';
import { requireForBuild } from './require-for-build.ts';
import { writeJson } from './write-json.ts';

/** Compares a role's latest version in the store with a new build from the same lock; plain JSON. */
export interface Reproduction {
  readonly role: Role;
  /** The compared folder, below the store. */
  readonly folder: string;
  readonly storedVersion: string;
  readonly madeVersion: string;
  /** Programs whose versions differ from those that baked the stored version, one line each. */
  readonly otherPrograms: readonly string[];
  readonly difference: VersionDifference;
}

export interface ReproduceResult {
  readonly images: readonly Reproduction[];
  readonly seconds: Readonly<Record<string, number>>;
  /** Absolute folder of the run's logs; its `difference.json` holds `images`. */
  readonly logs: string;
}

/**
 * Checks, before anything starts, that there is a version to compare with and that this host can bake.
 * @throws IngotError host-not-ready, missing-program or no-space
 */
export async function requireForReproducing(
  request: Pick<BuildRequest, 'roles' | 'out' | 'accelerator'>,
): Promise<void> {
  for (const role of request.roles) await requireVersion(request.out, role);
  await requireForBuild(request);
}

/**
 * Builds the images again and compares them, file by file, with the latest ones in the store, which is not changed. No
 * image is booted as a node. The host must have passed requireForReproducing.
 */
export async function reproduceImages(
  host: Host,
  request: BuildRequest,
  progress: ProgressStage,
): Promise<ReproduceResult> {
  const run = await openRunFolder(host, request.out);
  try {
    return await reproduceInFolder(host, request, progress, run);
  } catch (error) {
    throw withLogs(error, run.logs);
  } finally {
    await closeRunFolder(host, run);
  }
}

/**
 * Returns the plan with the compression level of each stored root, which the command line of a reproduction does not
 * set.
 */
async function asStored(plan: Plan, out: string): Promise<Plan> {
  const roles = plan.roles.map(async (role) => {
    const { folder } = await requireVersion(out, role.role);
    const level = await compressionLevelOf(join(folder, 'manifest.json'));
    return level === undefined ? role : { ...role, compressionLevel: level };
  });
  return { ...plan, roles: await Promise.all(roles) };
}

async function reproduceInFolder(
  host: Host,
  request: BuildRequest,
  progress: ProgressStage,
  run: RunFolder,
): Promise<ReproduceResult> {
  const programs = await hostPrograms();
  const { locked, roles, out, signal } = request;
  const plan = await asStored(request.plan, out);
  // No cache is used: it holds the same files that are to be compared.
  const cache = new StageCache({ own: undefined, onNote: progress.note, now: () => host.now() });
  const stages = await bakeStagesOf({ plan, lock: locked.lock, roles, out });
  const sources = { stages, cache, published: new Set<Role>() };
  const bake = await beginBake(host, { request: { ...request, plan }, run }, sources, progress);
  const { times } = bake;
  const trees = await composeTrees(bake, progress);
  const changed = await changeTrees(bake, trees, progress);
  const made = await sealImages(bake, trees, changed, progress);
  const images = await progress.stage('compare', (stage) =>
    times.time('compare', async () => {
      const found: Reproduction[] = [];
      for (const { role, root } of made) {
        signal.throwIfAborted();
        stage.note(role.role);
        const { version, folder } = await requireVersion(out, role.role);
        found.push({
          role: role.role,
          folder,
          storedVersion: version,
          madeVersion: root.version,
          otherPrograms: await programsSince(out, [role.role], programs),
          difference: await compareVersions(host, folder, join(run.staged, role.role), role.layers),
        });
      }
      return found;
    }),
  );
  await writeJson(run.logs, 'difference.json', images);
  return { images, seconds: times.seconds, logs: run.logs };
}
