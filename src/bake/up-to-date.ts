import type { Role } from '../inputs/plan/plan.ts';
import { type BakeStages, stagesOfRole } from './keys/bake-stages.ts';
import { type RecordedVersion, recordedVersion } from './records/stage-record.ts';

/** An image in the store that is identical to what a bake would build. */
export type UpToDateImage = Pick<RecordedVersion, 'version' | 'folder'> & { readonly role: Role };

/**
 * Returns the roles whose latest image in the store was built and tested from the inputs of this bake: their last
 * stages have the same keys.
 */
export async function upToDateImages(out: string, stages: BakeStages): Promise<UpToDateImage[]> {
  const found = await Promise.all(
    stages.roles.map(async (role) => {
      const latest = await recordedVersion(out, role);
      const last = stagesOfRole(stages, role).at(-1);
      if (latest === undefined || last === undefined) return [];
      const { version, folder, record } = latest;
      return record.stages[last.name]?.key === last.key ? [{ role, version, folder }] : [];
    }),
  );
  return found.flat();
}
