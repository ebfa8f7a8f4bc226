import { defaultScheduler } from '../inputs/cluster-spec/schedulers.ts';
import { readBootRecord } from './read-boot-record.ts';

/**
 * Reads the scheduler of a master's version: marathon or none.
 * @param folder absolute path of the version; if it is undefined or not a version, the default scheduler is returned,
 *   and the caller that needs the image reports what is missing
 */
export async function schedulerOfVersion(folder: string | undefined): Promise<string> {
  const record = folder === undefined ? undefined : await readBootRecord(folder);
  // Versions of the time when every cluster had Marathon do not state it.
  return (record?.schema === 2 ? record.scheduler : undefined) ?? defaultScheduler;
}
