import { writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { Host } from '../host/host.ts';
import type { Role } from '../plan/plan.ts';
import { promote, versionFolder } from '../store/promote.ts';
import { closeRunFolder, openRunFolder, type RunFolder } from '../store/run-folder.ts';
import type { VerifiedRole } from '../verify/verify-cluster.ts';
import { bakeFirmware } from './firmware.ts';
import { makeImages, requireForMaking, type MakeRequest } from './make-images.ts';
import {
  differentPrograms,
  keepRecord,
  latestRecord,
  programsHere,
  type ProgramRecord,
} from './program-record.ts';
import type { ProgressStage } from './progress-stage.ts';
import { StageTimes } from './stage-times.ts';
import { latestMaster, verifyDisks } from './verify-disks.ts';

/** One image that lies in the store. */
export interface PublishedImage {
  readonly role: Role;
  readonly version: string;
  readonly rootHash: string;
  readonly folder: string;
  readonly rootBytes: number;
  readonly diskBytes: number;
  readonly standIns: readonly string[];
  readonly verified: VerifiedRole;
}

export interface BakeResult {
  readonly images: readonly PublishedImage[];
  /** What the programs of this bake have otherwise than those of the last images, a line each. */
  readonly otherPrograms: readonly string[];
  readonly seconds: Readonly<Record<string, number>>;
  readonly accelerator: string;
  readonly logs: string;
}

/**
 * Looks whether this host can do a bake, before anything starts.
 * @throws IngotError wrong-input, missing-program or no-space
 */
export async function requireForBake(
  request: Pick<MakeRequest, 'roles' | 'out' | 'accelerator'>,
): Promise<void> {
  if (!request.roles.includes('master')) latestMaster(request.out);
  await requireForMaking(request);
}

/**
 * Bakes the images of a plan; the recipe from composing to publishing. Publishes all of them or none.
 * The host is one that requireForBake has looked at.
 */
export async function bakeImages(
  host: Host,
  request: MakeRequest,
  progress: ProgressStage,
): Promise<BakeResult> {
  const run = await openRunFolder(host, request.out);
  try {
    return await bakeInFolder(host, request, progress, run);
  } finally {
    await closeRunFolder(host, run);
  }
}

async function bakeInFolder(
  host: Host,
  request: MakeRequest,
  progress: ProgressStage,
  run: RunFolder,
): Promise<BakeResult> {
  const { plan, signal } = request;
  const times = new StageTimes(host);
  const programs = await programsHere(host);
  await writeFile(join(run.logs, 'programs.json'), `${JSON.stringify(programs, null, 2)}\n`);
  const otherPrograms = await programsSince(request, programs);

  const { images: sealed, templates, proof } = await makeImages(host, request, progress, run, times);

  const verified = await progress.stage('verify', (stage) =>
    times.time('verify', () =>
      verifyDisks(
        host,
        {
          plan,
          templates,
          disks: sealed.map(({ role, disk }) => ({ role: role.role, disk: disk.file })),
          out: request.out,
          accelerator: proof.accelerator,
          firmware: bakeFirmware,
          run,
          signal,
        },
        stage,
      ),
    ),
  );

  // From here on all are published: an interrupt that comes later finds them in the store.
  signal.throwIfAborted();
  const images = sealed.map((one): PublishedImage => {
    const { role } = one.role;
    const { version, rootHash } = one.root;
    const found = verified.find((other) => other.role === role);
    if (found === undefined) throw new Error(`${role} was not verified`);
    return {
      role,
      version,
      rootHash,
      folder: versionFolder(request.out, role, version),
      rootBytes: one.root.squashfsSize,
      diskBytes: one.disk.size,
      standIns: one.composed.standIns,
      verified: found,
    };
  });
  await promote(
    sealed.map(({ role: { role }, root: { version }, disk }) => ({
      role,
      version,
      staged: dirname(disk.file),
    })),
    request.out,
  );
  for (const { role, version } of images) await keepRecord(request.out, role, version, programs);
  const result = { images, otherPrograms, seconds: times.seconds, accelerator: proof.reason, logs: run.logs };
  await writeFile(join(run.logs, 'report.json'), `${JSON.stringify(result, null, 2)}\n`);
  return result;
}

/** With which programs this bake differs from those that made the latest images. */
async function programsSince(request: MakeRequest, programs: ProgramRecord): Promise<string[]> {
  const lines: string[] = [];
  for (const role of request.roles) {
    const before = await latestRecord(request.out, role);
    if (before !== undefined) lines.push(...differentPrograms(before, programs));
  }
  return [...new Set(lines)];
}
