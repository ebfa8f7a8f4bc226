import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { allLines, wantedLines } from './all-lines.ts';
import { Bench, type BenchOptions, type Line } from './bench.ts';
import { resultsChart } from './chart.ts';
import { verdictText } from './format.ts';
import { machineFacts } from './machine-facts.ts';
import { type FailedLine, measureAll, notMeasured } from './measure-all.ts';
import { mergeResults } from './merge-results.ts';
import { withTable } from './page.ts';
import type { BenchResults, LineResult } from './result.ts';
import { readResults, writeResults } from './results-file.ts';
import { resultsTable } from './table.ts';
import { Workspace, type WorkspaceOptions } from './workspace.ts';

export interface BenchRequest {
  readonly only: readonly string[] | undefined;
  readonly quick: boolean;
  /** The number of runs of each line; undefined for the default of the line. */
  readonly runs: number | undefined;
  readonly boundMinutes: number;
  /** Absolute path of the folder for results.json, performance.svg and, during the run, the folder work. */
  readonly out: string;
  /** Absolute path of a page into which the table is written. */
  readonly page: string | undefined;
  /** Keep the folder work, so that the next run can use the baked images. */
  readonly keep: boolean;
  readonly workspace: Omit<WorkspaceOptions, 'folder'>;
  readonly parts: Pick<BenchOptions, 'plan' | 'templates'>;
}

const resultsName = 'results.json';
const chartName = 'performance.svg';

/** The names and titles of the lines, one per line of text. */
export function listLines(only: readonly string[] | undefined, quick: boolean): string {
  const lines = wantedLines(only, quick);
  const width = Math.max(...lines.map(({ name }) => name.length));
  return lines.map(({ name, title }) => `${name.padEnd(width)}  ${title}\n`).join('');
}

async function measureLine(bench: Bench, line: Line, request: BenchRequest): Promise<LineResult> {
  const { workspace } = bench;
  const measured = await line.measure(bench, request.runs ?? line.runs);
  const accelerator = line.slow === true ? await bench.accelerator() : 'nothing is booted';
  return {
    name: line.name,
    title: line.title,
    ...(line.target === undefined ? {} : { target: line.target }),
    ...measured,
    at: new Date(workspace.host.now()).toISOString(),
    machine: await machineFacts(workspace.host, accelerator),
  };
}

/**
 * Measures the requested lines, one after the other, and merges them into the earlier results. Each result is recorded
 * as soon as it is measured.
 * @returns all results, including earlier ones
 * @throws IngotError wrong-usage for an unknown line; command-failed at the end when lines could not be measured (the
 * others are recorded)
 */
export async function runBench(host: Workspace['host'], request: BenchRequest): Promise<BenchResults> {
  const { out, page } = request;
  const lines = wantedLines(request.only, request.quick);
  const order = allLines.map(({ name }) => name);
  await mkdir(out, { recursive: true });
  const file = join(out, resultsName);
  let results = mergeResults(await readResults(file), [], order);
  const workspace = new Workspace(host, { ...request.workspace, folder: join(out, 'work') });
  const { accelerator, say, signal } = request.workspace;
  const bench = new Bench({
    ...request.parts,
    workspace,
    recorded: (line) => results.lines.find(({ name }) => name === line),
    boundSeconds: request.boundMinutes * 60,
    accelerator,
  });
  const keep = async (measured: LineResult): Promise<void> => {
    results = mergeResults(results, [measured], order);
    await writeResults(file, results);
    await writeFile(join(out, chartName), resultsChart(results));
    if (page !== undefined) await putOnPage(page, results);
    if (measured.target !== undefined) say(`${measured.name}: ${verdictText(measured)}`);
  };
  let failed: readonly FailedLine[] = [];
  try {
    failed = await measureAll(lines, {
      measure: (line) => measureLine(bench, line, request),
      keep,
      say,
      signal,
    });
    if (failed.length > 0) throw notMeasured(failed, file, workspace.path('logs'));
    return results;
  } finally {
    // It contains the logs of the lines that failed.
    if (!request.keep && failed.length === 0) await workspace.close();
  }
}

async function putOnPage(page: string, results: BenchResults): Promise<void> {
  await writeFile(page, withTable(await readFile(page, 'utf8'), resultsTable(results), page));
}
