import { realpath } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import type { Host } from '../host/host.ts';
import { IngotError } from '../host/ingot-error.ts';
import type { ProgressStage } from '../host/progress-stage.ts';
import { projectFolder } from '../host/project-folder.ts';
import { requireDebconfPackages } from './lock/debconf-packages.ts';
import { epochOf, groups, type Lock, type PackageGroup } from './lock/lock.ts';
import type { LockAndPool } from './lock/lock-and-pool.ts';
import { lockSizeText } from './lock/lock-diff.ts';
import { poolFiles, wantedFiles } from './lock/wanted-files.ts';
import { lockFileOf } from './lock-file-of.ts';
import { lockSpec } from './lock-spec.ts';
import { stalenessOf } from './lock-staleness.ts';
import type { Plan } from './plan/plan.ts';
import { fillPool } from './pool/fill-pool.ts';
import { verifyPool } from './pool/verify-pool.ts';
import type { ReadPlan } from './read-plan.ts';

export interface LockedPlanRequest {
  readonly read: ReadPlan;
  /** As the user named it. */
  readonly specFile: string;
  /** Absolute. */
  readonly pool: string;
  /** Use only the pool, never the network. */
  readonly offline: boolean;
  /** Whether a lock may be made for an example that has none. */
  readonly mayLock: boolean;
  readonly signal: AbortSignal;
}

export interface LockedPlan {
  readonly plan: Plan;
  readonly locked: LockAndPool;
  /** Whether the lock was made by this call. */
  readonly made: boolean;
}

/**
 * Reports whether a spec is one of ingot's examples. These have no lock, because it depends on the machine's sources:
 * their first bake makes one.
 */
async function isExample(specFile: string): Promise<boolean> {
  const examples = await realpath(join(projectFolder, 'examples')).catch(() => undefined);
  return examples !== undefined && (await realpath(specFile)).startsWith(`${examples}/`);
}

function refuse(specFile: string, message: string, excerpt: readonly string[]): IngotError {
  return new IngotError({ code: 'wrong-lock', message, excerpt, hint: `run: ingot lock ${specFile}` });
}

/** Returns the lock for the plan. It is made here for an example that has none. */
async function upToDateLock(host: Host, request: LockedPlanRequest, progress: ProgressStage): Promise<Lock> {
  const { read, specFile, pool, offline, mayLock, signal } = request;
  const { lock, plan } = read;
  if (lock !== undefined) {
    const reasons = await stalenessOf(lock, plan, specFile);
    if (reasons.length === 0) {
      requireDebconfPackages(plan, lock);
      return lock;
    }
    throw refuse(specFile, `${lockFileOf(specFile)} does not answer the spec any more:`, reasons);
  }
  if (offline || !mayLock || !(await isExample(specFile)))
    throw refuse(specFile, `${lockFileOf(specFile)} is not there`, []);
  progress.note(`the example has no lock yet: making ${lockFileOf(specFile)}`);
  const made = await lockSpec(host, {
    ...{ plan, specFile, pool, signal, credentials: read.credentials },
    update: undefined,
    onLine: progress.note,
  });
  return made.lock;
}

/**
 * Adds the lock to a plan.
 * @throws IngotError wrong-lock if the lock is missing or does not match the spec
 */
export async function planWithLock(
  host: Host,
  request: LockedPlanRequest,
  progress: ProgressStage,
): Promise<LockedPlan> {
  const lock = await upToDateLock(host, request, progress);
  progress.note(lockSizeText(lock));
  return {
    plan: { ...request.read.plan, epoch: epochOf(lock) },
    locked: { lock, pool: request.pool },
    made: request.read.lock === undefined,
  };
}

/**
 * Fetches the files of some groups of the lock that are missing in the pool, and verifies each by its digest.
 * @throws IngotError unavailable-package if a file is not available; wrong-pool if offline and not in the pool
 */
export async function fillPoolFor(
  host: Host,
  request: LockedPlanRequest,
  { lock, groups }: { readonly lock: Lock; readonly groups: readonly PackageGroup[] },
  progress: ProgressStage,
): Promise<void> {
  const { read, specFile, pool, signal } = request;
  const files = poolFiles(lock, groups);
  if (request.offline) {
    await verifyPool(pool, files, signal);
    return;
  }
  const digests = new Set(files.map(({ sha256 }) => sha256));
  const wanted = wantedFiles(lock, read.plan, dirname(resolve(specFile)));
  await fillPool(
    host,
    pool,
    wanted.filter(({ sha256 }) => digests.has(sha256)),
    { signal, credentials: read.credentials, onLine: progress.note },
  );
}

/**
 * Adds the lock to a plan and fills the pool with every file of the lock, each verified by its digest.
 * @throws IngotError wrong-lock if the lock is missing or does not match the spec
 * @throws IngotError unavailable-package if a file is not available; wrong-pool if offline and not in the pool
 */
export async function lockedPlan(
  host: Host,
  request: LockedPlanRequest,
  progress: ProgressStage,
): Promise<LockedPlan> {
  const found = await planWithLock(host, request, progress);
  await fillPoolFor(host, request, { lock: found.locked.lock, groups }, progress);
  return found;
}
