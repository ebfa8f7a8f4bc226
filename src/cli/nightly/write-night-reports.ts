import { join } from 'node:path';
import { reportMarkdown } from '../../diff/report-markdown.ts';
import { writeWholeFile } from '../../host/write-whole-file.ts';
import { type Night, nightFactsOf } from '../../nightly/night.ts';
import type { OpenNight } from '../../nightly/night-folder.ts';
import { nightJunit } from '../../nightly/night-junit.ts';
import { allSteps, nightReport, nightSeconds } from '../../nightly/night-report.ts';
import type { nightlyShape } from '../shapes/nightly-shape.ts';
import { type DocumentOf, jsonText } from '../shared/json-text.ts';

/** The files of a night that people and programs read. */
export const nightFiles = {
  html: 'report.html',
  markdown: 'report.md',
  summary: 'summary.json',
  junit: 'junit.xml',
} as const;

type Summary = DocumentOf<typeof nightlyShape>;

function stepOf(
  { name, record }: ReturnType<typeof allSteps>[number],
  night: Night,
): Summary['steps'][number] {
  if (record === undefined)
    return { name, result: night.result === 'unchanged' ? 'not needed' : 'not run', seconds: 0, says: [] };
  const { result, seconds, says, failure } = record;
  return { name, result, seconds, says, ...(failure === undefined ? {} : { failure }) };
}

/** The summary of a night, for programs. */
export function nightSummary({ folder, night }: OpenNight): Summary {
  const { images = [], before = [], packages = [], channel, drills = [] } = nightFactsOf(night);
  const { name, cluster, begun, ended, result = 'failed' } = night;
  return {
    ...{ schema: 1, name, folder, cluster, result, begun },
    ...(ended === undefined ? {} : { ended }),
    seconds: nightSeconds(night),
    ...(channel === undefined ? {} : { channel }),
    images: images.map(({ role, version, folder: path }) => {
      const former = before.find((one) => one.role === role)?.version;
      return { role, version, folder: path, ...(former === undefined ? {} : { before: former }) };
    }),
    packages: packages.map(([changed = '', old = '', now = '']) => ({
      name: changed,
      before: old,
      after: now,
    })),
    drills,
    steps: allSteps(night).map((step) => stepOf(step, night)),
    files: Object.values(nightFiles),
  };
}

/** Writes the reports of a night into its folder: HTML, Markdown, JSON and JUnit. */
export async function writeNightReports(open: OpenNight): Promise<Summary> {
  const { nightlyPage } = await import('../../report/document/nightly-page.tsx');
  const report = nightReport(open.night);
  const summary = nightSummary(open);
  const texts = {
    [nightFiles.html]: nightlyPage(report),
    [nightFiles.markdown]: reportMarkdown(report),
    [nightFiles.summary]: jsonText<typeof nightlyShape>(summary),
    [nightFiles.junit]: nightJunit(open.night),
  };
  for (const [name, text] of Object.entries(texts)) await writeWholeFile(join(open.folder, name), text);
  return summary;
}
