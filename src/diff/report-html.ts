import { renderFrom, type Templates } from '../render/templates.ts';
import { visibleText } from './compare/difference-text.ts';
import type { Report } from './report-parts.ts';

/** The class of a line of a diff, for its colour. */
function lineClass(line: string, language: string): string {
  if (language !== 'diff') return 'plain';
  if (/^(\+\+\+|---|@@)/.test(line)) return 'place';
  return line.startsWith('+') ? 'added' : line.startsWith('-') ? 'removed' : 'plain';
}

/** Renders a report as one HTML file that loads no other resources. */
export function reportHtml(templates: Templates, { title, summary, sections }: Report): string {
  const context = {
    title: visibleText(title),
    summary: summary.map(visibleText),
    sections: sections.map(({ title: name, table, lines = [], blocks = [] }) => ({
      title: name,
      head: table?.head ?? [],
      rows: (table?.rows ?? []).map((row) => row.map(visibleText)),
      lines: lines.map(visibleText),
      blocks: blocks.map((block) => ({
        title: visibleText(block.title),
        lines: block.lines.map((line) => ({
          kind: lineClass(line, block.language),
          text: visibleText(line),
        })),
      })),
    })),
  };
  return renderFrom(templates, 'report/diff.html.hbs', context);
}
