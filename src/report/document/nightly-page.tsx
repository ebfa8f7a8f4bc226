import type { Report } from '../../diff/report-parts.ts';
import { toolVersion } from '../../inputs/plan/tool-version.ts';
import { pageText } from '../look/page.tsx';
import { pageSections, Summary } from './sections.tsx';

/** Renders the report of a night as one HTML file that loads no other resources. */
export function nightlyPage(report: Report): string {
  return pageText({
    kind: 'ingot: nightly',
    title: report.title,
    head: <Summary summary={report.summary} />,
    sections: pageSections(report),
    foot: `Written by ingot ${toolVersion}.`,
  });
}
