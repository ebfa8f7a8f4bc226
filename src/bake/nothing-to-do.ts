import type { Role } from '../inputs/plan/plan.ts';
import type { BakeStages } from './cache/bake-stages.ts';
import { type RecordedVersion, recordedVersion } from './stage-record.ts';

/** An image of the store that is what a bake would make. */
export type UnchangedImage = Pick<RecordedVersion, 'version' | 'folder'> & { readonly role: Role };

/** The roles whose latest image in the store was made, and proven, from the very inputs of a bake. */
export async function unchangedImages(out: string, stages: BakeStages): Promise<UnchangedImage[]> {
  const found = await Promise.all(
    stages.roles.map(async ({ role, verification }) => {
      const latest = await recordedVersion(out, role);
      if (latest?.record.stages.verification.key !== verification.key) return [];
      return [{ role, version: latest.version, folder: latest.folder }];
    }),
  );
  return found.flat();
}
