import { visibleText } from './compare/difference-text.ts';
import type { Report, Section, Table } from './report-parts.ts';

/** Renders a report for a terminal. */
export function reportText({ title, summary, sections }: Report): string {
  const parts = [[title, ...summary.map((line) => `  ${line}`)], ...sections.map(sectionLines)];
  return visibleText(`${parts.map((lines) => lines.join('\n')).join('\n\n')}\n`);
}

function sectionLines({ title, table, lines = [], blocks = [] }: Section): string[] {
  return [
    title,
    ...(table === undefined ? [] : tableLines(table)),
    ...lines.map((line) => `  ${line}`),
    ...blocks.flatMap((block) => [`  ${block.title}`, ...block.lines.map((line) => `    ${line}`)]),
  ];
}

function tableLines({ head, rows }: Table): string[] {
  const all = [head, ...rows];
  const widths = head.map((_, column) => Math.max(...all.map((row) => row[column]?.length ?? 0)));
  return all.map((row) =>
    `  ${row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join('  ')}`.trimEnd(),
  );
}
