import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { usualScheduler } from '../inputs/cluster-spec/schedulers.ts';
import { parseBootRecord } from './read-boot-record.ts';

/**
 * The scheduler of a master's version: marathon or none.
 * @param folder absolute path of the version; where there is none, it is the usual one, and whoever needs the images says what is missing
 */
export async function schedulerOfVersion(folder: string): Promise<string> {
  const text = await readFile(join(folder, 'boot.json'), 'utf8').catch(() => '');
  const record = parseBootRecord(text);
  // Versions that were made when every cluster had Marathon do not say so.
  return (record?.schema === 2 ? record.scheduler : undefined) ?? usualScheduler;
}
