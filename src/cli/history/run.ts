import { existsSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { dirname, join, relative, resolve } from 'node:path';
import { exitCodes } from '../../host/ingot-error.ts';
import { writeWholeFile } from '../../host/write-whole-file.ts';
import { historyText } from '../../report/history/history-text.ts';
import { type History, type HistoryEntry, readHistory } from '../../report/history/read-history.ts';
import { hrefOf } from '../../report/version/read-links.ts';
import { noImage } from '../../store/require-version.ts';
import { storedVersions, versionFolder, versionReport } from '../../store/stored-version.ts';
import { withProgress } from '../progress/progress.ts';
import type { historyShape } from '../shapes/history-shape.ts';
import { jsonText } from '../shared/json-text.ts';
import { poolOf } from '../shared/pool-of.ts';
import { writeReports } from '../shared/write-reports.ts';
import type { World } from '../world.ts';
import type { HistoryInput } from './options.ts';

/** Writes the reports of the rehearsals whose logs the store still has; returns why others were not written. */
async function writeRehearsalReports(out: string): Promise<string[]> {
  const { writeRehearsalReport } = await import('../../report/rehearsal/write-rehearsal-report.ts');
  const lines: string[] = [];
  for (const run of (await readdir(join(out, 'runs')).catch(() => [])).sort()) {
    const logs = join(out, 'runs', run, 'logs');
    if (!existsSync(join(logs, 'rehearsal.json'))) continue;
    try {
      await writeRehearsalReport(logs);
    } catch (error) {
      const why = error instanceof Error ? error.message : String(error);
      lines.push(`the report of the rehearsal ${run} was not written: ${why}`);
    }
  }
  return lines;
}

async function writeHtml(file: string, out: string, history: History): Promise<void> {
  const { historyPage } = await import('../../report/history/history-page.tsx');
  const linkTo = ({ role, version }: HistoryEntry): string | undefined => {
    const report = versionReport(versionFolder(out, role, version));
    return existsSync(report) ? hrefOf(relative(dirname(file), report)) : undefined;
  };
  await writeWholeFile(file, historyPage(history, linkTo));
}

/** ingot history: prints the sizes and times of all versions of a store; exit 1 if a report could not be written. */
export async function history(world: World, options: HistoryInput): Promise<number> {
  const { host, cwd, stream } = world;
  const out = resolve(cwd, options.out);
  const found = await readHistory(out);
  if (found.versions.length === 0 && found.left.length === 0) throw noImage({ out });
  const failed: string[] = [];
  if (options.reports) {
    const places = { out, pool: poolOf(world, options.pool) };
    const versions = await storedVersions(out);
    await withProgress({ stream, now: () => host.now() }, (progress) =>
      progress.stage('reports', async () => {
        failed.push(...(await writeReports(host, places, versions)), ...(await writeRehearsalReports(out)));
      }),
    );
    for (const line of failed) world.err(`${line}\n`);
  }
  if (options.html !== undefined) await writeHtml(resolve(cwd, options.html), out, found);
  world.out(options.json ? jsonText<typeof historyShape>({ schema: 1, ...found }) : historyText(found));
  return failed.length === 0 ? exitCodes.done : exitCodes.failed;
}
