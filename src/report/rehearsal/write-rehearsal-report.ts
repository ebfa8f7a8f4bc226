import { readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { writeWholeFile } from '../../host/write-whole-file.ts';
import { hrefOf } from '../version/read-links.ts';
import type { LinkedFile } from '../version/version-facts.ts';
import { rehearsalSchema } from './drill-bands.ts';
import { readSamples } from './read-samples.ts';
import { rehearsalPage } from './rehearsal-page.tsx';

/** Name of the report in the folder of the logs. */
const reportName = 'report.html';

async function linksIn(logs: string): Promise<LinkedFile[]> {
  const names = (await readdir(logs)).filter((name) => name !== reportName && !name.startsWith('.')).sort();
  return Promise.all(
    names.map(async (name) => ({
      href: hrefOf(name),
      name,
      bytes: (await stat(join(logs, name))).size,
      text: '',
    })),
  );
}

/**
 * Writes the report of a rehearsal next to its logs, from rehearsal.json and the samples of its nodes.
 * @param logs absolute folder of the logs
 * @returns absolute path of the report
 * @throws an error if rehearsal.json is missing or not valid, or the report cannot be written; nothing is left of it then
 */
export async function writeRehearsalReport(logs: string): Promise<string> {
  const rehearsal = rehearsalSchema.parse(JSON.parse(await readFile(join(logs, 'rehearsal.json'), 'utf8')));
  const file = join(logs, reportName);
  const facts = { rehearsal, nodes: await readSamples(logs), logs: await linksIn(logs) };
  await writeWholeFile(file, rehearsalPage(facts));
  return file;
}
