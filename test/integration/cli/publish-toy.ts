import { mkdir, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { bakeStagesOf } from '../../../src/bake/bake-stages-of.ts';
import { writeStageRecord } from '../../../src/bake/records/stage-record.ts';
import { makeHost } from '../../../src/host/make-host.ts';
import { epochOf } from '../../../src/inputs/lock/lock.ts';
import { readPlan } from '../../../src/inputs/read-plan.ts';
import { allRoles } from '../../../src/inputs/roles.ts';
import type { ToyCluster } from './toy-cluster.ts';

const host = makeHost();

/** The version of both roles in the store of publishToy. */
export const toyVersion = '20261122-0123456789ab';

/** A store in which both roles were published from exactly what the spec and its lock are now. */
export async function publishToy({
  spec,
  out,
  cache,
}: Pick<ToyCluster, 'spec' | 'out' | 'cache'>): Promise<void> {
  const { plan, lock } = await readPlan(host, spec, { remember: cache });
  if (lock === undefined) throw new Error('there is no lock');
  const stages = await bakeStagesOf({ plan: { ...plan, epoch: epochOf(lock) }, lock, roles: allRoles, out });
  for (const role of allRoles) {
    await mkdir(join(out, role, toyVersion), { recursive: true });
    await writeFile(join(out, role, toyVersion, 'disk.qcow2'), 'a disk');
    await symlink(toyVersion, join(out, role, 'latest'));
    await writeStageRecord(out, { role, version: toyVersion, names: ['disk.qcow2'] }, stages);
  }
}
