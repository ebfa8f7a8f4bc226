import { mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { ProgressStage } from '../../host/progress-stage.ts';
import { sideBySide } from '../../host/side-by-side.ts';
import type { Role } from '../../inputs/plan/plan.ts';
import type { AcceleratorProof } from '../../vm/accelerator.ts';
import { makeSshKey } from '../../vm/ssh-key.ts';
import type { ComposedForBake } from '../composed-for-bake.ts';
import { type Making, rolesOf, runs } from '../making.ts';
import { runPacker } from '../packer/packer.ts';
import { copyChanges } from '../seal/copy-changes.ts';
import { unpackRestored } from './compose-roles.ts';
import { type PreparedPacker, preparePacker } from './prepare-packer.ts';

/** Finds out how guests run here, with this kernel; it is proven once. */
export type Prove = (kernel: string) => Promise<AcceleratorProof>;

const changesName = 'changes.tar';

/** Boots the build guests of some roles under Packer. */
async function runGuests(
  making: Making,
  roles: readonly ComposedForBake[],
  { accelerator }: AcceleratorProof,
  signal: AbortSignal,
  progress: ProgressStage,
): Promise<void> {
  const { host, request, templates, run, times } = making;
  const key = await makeSshKey(host, join(run.work, 'bake-key'));
  let prepared: PreparedPacker | undefined;
  try {
    const packer = await preparePacker(host, {
      plan: request.plan,
      roles,
      templates,
      run,
      key,
      accelerator,
      signal,
    });
    prepared = packer;
    const privateKey = await readFile(key.privateKeyFile, 'utf8');
    await times.time('bake', () =>
      runPacker(
        host,
        {
          hclFile: packer.hclFile,
          runFolder: run.logs,
          expectedBuilds: packer.builds,
          secrets: [privateKey],
          signal,
        },
        request.showBake(progress),
      ),
    );
  } finally {
    prepared?.close();
    await key.remove();
  }
}

/**
 * Gives what each role's build guest changed, a file that begins with a tar: from the cache, or from Packer. Trees that lie in the cache
 * are unpacked meanwhile, for the seal.
 */
export async function bakeGuests(
  making: Making,
  composed: readonly ComposedForBake[],
  prove: Prove,
  progress: ProgressStage,
): Promise<ReadonlyMap<Role, string>> {
  const { request, run, cache, restored, times } = making;
  const roles = rolesOf(making).filter(({ stages }) => runs(making, stages.root));
  const booted = roles.filter(({ stages }) => runs(making, stages.changes));
  const guests = composed.filter(({ role }) => booted.some(({ plan }) => plan === role));
  const [first] = guests;
  const proof = first === undefined ? undefined : await prove(first.composed.kernel);
  await sideBySide(request.signal, [
    async (either: AbortSignal) => {
      if (proof !== undefined)
        await progress.stage('bake', (stage) => runGuests(making, guests, proof, either, stage));
    },
    ...roles.map((role) => (either: AbortSignal) => unpackRestored(making, role, either)),
  ]);
  const changes = new Map<Role, string>();
  for (const { plan, stages } of roles) {
    const there = restored.of(stages.changes);
    if (there !== undefined) {
      changes.set(plan.role, join(there.folder, changesName));
      continue;
    }
    await mkdir(join(run.work, 'cache'), { recursive: true });
    const file = join(run.work, 'cache', `${plan.role}-${changesName}`);
    await copyChanges(join(run.work, plan.role, 'packer', 'disk-1'), file);
    cache.keep(stages.changes, { [changesName]: file }, { meta: null, seconds: times.seconds['bake'] ?? 0 });
    changes.set(plan.role, file);
  }
  return changes;
}
