import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseBootRecord } from '../assemble/read-boot-record.ts';
import { usualScheduler } from '../spec/schedulers.ts';

/**
 * The scheduler of a store's latest master: marathon or none.
 * @param out absolute path of the store; where it has no master, it is the usual one, and whoever needs the images says what is missing
 */
export async function schedulerOfStore(out: string): Promise<string> {
  const text = await readFile(join(out, 'master', 'latest', 'boot.json'), 'utf8').catch(() => '');
  const record = parseBootRecord(text);
  // Versions that were made when every cluster had Marathon do not say so.
  return (record?.schema === 2 ? record.scheduler : undefined) ?? usualScheduler;
}
