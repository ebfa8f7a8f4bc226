import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { cpus } from 'node:os';
import { dirname, join } from 'node:path';
import { z } from 'zod';
import { type StageHistory, withRun } from './stage-history.ts';

const format = 1;
const keptHosts = 8;
const fileSchema = z.object({
  format: z.literal(format),
  hosts: z.record(z.string(), z.record(z.string(), z.array(z.number().nonnegative()))),
});
type Hosts = z.infer<typeof fileSchema>['hosts'];

/** What distinguishes a host for durations, so that a cache that several hosts use has times of each. */
function thisHost(): string {
  const processors = cpus();
  return `${processors.length} × ${processors[0]?.model ?? 'processor'}`;
}

/** A file that is missing or damaged counts as empty: nothing but an estimate depends on it. */
async function readHosts(file: string): Promise<Hosts> {
  const text = await readFile(file, 'utf8').catch(() => '');
  try {
    return fileSchema.parse(JSON.parse(text)).hosts;
  } catch {
    return {};
  }
}

/** The name of the file in the cache that holds how long stages took. */
export const historyName = 'times.json';

/** The durations of earlier runs on this host. */
export async function readStageHistory(folder: string): Promise<StageHistory> {
  return (await readHosts(join(folder, historyName)))[thisHost()] ?? {};
}

/**
 * Adds the durations of a run to the file. A reader finds the old file or the new one, never a part; of two bakes that
 * end at the same moment, one is not counted.
 */
export async function addRun(folder: string, run: ReadonlyMap<string, number>): Promise<void> {
  const file = join(folder, historyName);
  const hosts = await readHosts(file);
  const host = thisHost();
  const { [host]: own = {}, ...others } = hosts;
  const kept = Object.entries(others).slice(-(keptHosts - 1));
  const next = { format, hosts: Object.fromEntries([...kept, [host, withRun(own, run)]]) };
  await mkdir(dirname(file), { recursive: true });
  const partial = `${file}-${process.pid}`;
  await writeFile(partial, `${JSON.stringify(next)}\n`);
  await rename(partial, file);
}
