import { existsSync } from 'node:fs';
import type { Host } from '../host/host.ts';
import { debsOf, openDebs } from './lock/open-debs.ts';
import { readSourcesKeys } from './lock/source-keys.ts';
import type { Plan } from './plan/plan.ts';
import { withPlaces } from './with-places.ts';
import { type SpecFault, SpecFaults } from './yaml/spec-faults.ts';

async function keyFaults(plan: Plan, now: number): Promise<readonly SpecFault[]> {
  try {
    await readSourcesKeys(plan.base.sources, now);
    return [];
  } catch (error) {
    if (error instanceof SpecFaults) return error.faults;
    throw error;
  }
}

/**
 * Opens the files that a spec names on this machine: the keys of its sources and its .debs. Files that are named by
 * URL, and .debs that are only in the pool, are opened when they are locked.
 * @throws IngotError wrong-spec with every fault at its place in the spec
 */
export async function checkMaterials(host: Host, specFile: string, plan: Plan): Promise<void> {
  await withPlaces(specFile, async () => {
    const files = debsOf(plan)
      .filter(({ from }) => existsSync(from))
      .map((deb) => ({ deb, file: deb.from }));
    const { faults } = await openDebs(host, files, plan.base.architecture);
    const all = [...faults, ...(await keyFaults(plan, host.now()))];
    if (all.length > 0) throw new SpecFaults(all);
  });
}
