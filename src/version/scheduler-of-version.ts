import { usualScheduler } from '../inputs/cluster-spec/schedulers.ts';
import { readBootRecord } from './read-boot-record.ts';

/**
 * The scheduler of a master's version: marathon or none.
 * @param folder absolute path of the version; undefined or not a version: the usual scheduler, and whoever needs the image reports what is missing
 */
export async function schedulerOfVersion(folder: string | undefined): Promise<string> {
  const record = folder === undefined ? undefined : await readBootRecord(folder);
  // Versions that were made when every cluster had Marathon do not say so.
  return (record?.schema === 2 ? record.scheduler : undefined) ?? usualScheduler;
}
