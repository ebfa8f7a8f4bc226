import { realpath } from 'node:fs/promises';
import { join } from 'node:path';
import { upToDateBake, type UpToDateRequest } from '../../bake/up-to-date-bake.ts';
import { IngotError } from '../../host/ingot-error.ts';
import type { ReadPlan } from '../../inputs/read-plan.ts';
import type { Role } from '../../inputs/roles.ts';
import { allRoles } from '../../inputs/roles.ts';
import { devName } from '../../store/dev-versions.ts';

/** A spec of several that are baked in one call, and its store. */
export interface ClusterBake extends UpToDateRequest {
  /** Its name in the spec, which is the name of its store. */
  readonly cluster: string;
}

/** Names that a store has itself: a cluster of that name in the same folder would look as a part of it. */
const namesOfStores: readonly string[] = [...allRoles, devName, 'runs', 'channels', 'pins'];

function refused(message: string, hint: string): IngotError {
  return new IngotError({ code: 'wrong-usage', message, hint });
}

/**
 * Gives each spec the store OUT/CLUSTER.
 * @param specs with the path of each as the user wrote it
 * @param out absolute folder of the stores
 * @throws IngotError wrong-usage if two would have the same store, or one has no name for it
 */
export async function clustersOf(
  specs: readonly { readonly specFile: string; readonly read: ReadPlan }[],
  roles: readonly Role[],
  out: string,
): Promise<ClusterBake[]> {
  const files = new Map<string, string>();
  const names = new Map<string, string>();
  for (const { specFile, read } of specs) {
    const { cluster } = read.plan;
    const file = await realpath(specFile);
    const same = files.get(file);
    if (same !== undefined) throw refused(`${same} and ${specFile} are the same file`, 'name each spec once');
    const other = names.get(cluster);
    if (other !== undefined)
      throw refused(
        `${other} and ${specFile} both describe the cluster ${cluster}, and would be baked into the same folder, ${join(out, cluster)}`,
        'give each cluster a name of its own (cluster), or bake them one after the other with different --out',
      );
    if (namesOfStores.includes(cluster))
      throw refused(
        `the cluster of ${specFile} is named ${cluster}, which is the name of a part of a store`,
        `bake it by itself: ingot bake ${specFile}`,
      );
    files.set(file, specFile);
    names.set(cluster, specFile);
  }
  return specs.map(({ specFile, read }) => {
    const { cluster } = read.plan;
    return { cluster, specFile, read, roles, out: join(out, cluster) };
  });
}

/** The clusters whose images are all in their stores already, with these images, and those that have to be baked. */
export async function upToDateClusters(clusters: readonly ClusterBake[]) {
  const found = await Promise.all(clusters.map(async (one) => ({ one, stored: await upToDateBake(one) })));
  return {
    unchanged: found.flatMap(({ one, stored }) =>
      stored === undefined ? [] : [{ ...one, images: stored.images, stages: stored.stages }],
    ),
    open: found.flatMap(({ one, stored }) => (stored === undefined ? [one] : [])),
  };
}
