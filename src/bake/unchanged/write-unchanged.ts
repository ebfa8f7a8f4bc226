import { mkdir, readdir, rm, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { lastChangeMs, racyMs, statText } from '../../host/stat-text.ts';
import { writeWholeFile } from '../../host/write-whole-file.ts';
import { bakeInputs, type CheckedBake } from './bake-inputs.ts';
import {
  type Answer,
  type Call,
  environmentDigest,
  recordFile,
  type UnchangedRecord,
} from './unchanged-record.ts';

/** Records that are kept in a cache; each has about 100 KiB. */
const keptRecords = 16;

/** Removes the oldest records of other calls. */
async function removeOld(folder: string): Promise<void> {
  const paths = (await readdir(folder)).map((name) => join(folder, name));
  const known = await Promise.all(paths.map(async (path) => ({ path, at: (await stat(path)).mtimeMs })));
  const old = known.sort((a, b) => b.at - a.at).slice(keptRecords);
  for (const { path } of old) await rm(path, { force: true });
}

/**
 * Records what a complete check found that had nothing to do, so that recordedAnswer can give the same answer while
 * nothing changes.
 * @param begun when the check began, before it read anything: milliseconds since 1970
 * @returns whether a record was written: not if an input has changed so shortly before the check that a second change
 * could not be seen
 */
export async function writeUnchanged(
  bake: CheckedBake,
  call: Call,
  { answer, begun }: { readonly answer: Answer; readonly begun: number },
): Promise<boolean> {
  const paths = [...(await bakeInputs(bake))];
  const inputs = Object.fromEntries(paths.map((path) => [path, statText(path)]));
  if (paths.some((path) => lastChangeMs(path) > begun - racyMs)) return false;
  const file = recordFile(bake.cache, call);
  await mkdir(dirname(file), { recursive: true });
  const record: UnchangedRecord = { format: 1, environment: environmentDigest(call.env), inputs, answer };
  await writeWholeFile(file, JSON.stringify(record));
  await removeOld(dirname(file));
  return true;
}
