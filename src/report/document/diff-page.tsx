import type { Report } from '../../diff/report-parts.ts';
import { toolVersion } from '../../inputs/plan/tool-version.ts';
import { pageText } from '../look/page.tsx';
import { pageSections, Summary } from './sections.tsx';

/** Renders the report about two versions, or two locks, as one HTML file that loads no other resources. */
export function diffPage(report: Report): string {
  return pageText({
    kind: 'ingot: differences',
    title: report.title,
    head: <Summary summary={report.summary} />,
    sections: pageSections(report),
    foot: `Written by ingot ${toolVersion}.`,
  });
}
