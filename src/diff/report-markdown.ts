import { visibleText } from './compare/difference-text.ts';
import type { Block, Report, Section, Table } from './report-parts.ts';

/** Escapes text so that Markdown (CommonMark 0.31, with GitHub's tables) shows it literally, on one line. */
export function markdownText(text: string): string {
  return visibleText(text)
    .replace(/\s*\n\s*/g, ' ')
    .trim()
    .replace(/[\\`*_{}[\]<>#|~&!$]/g, '\\$&')
    .replace(/^[-+=]/, '\\$&')
    .replace(/^(\d+)([.)])(?=\s|$)/, '$1\\$2');
}

/** Renders a report as release notes in Markdown. */
export function reportMarkdown({ title, summary, sections }: Report): string {
  const parts = [
    `# ${markdownText(title)}`,
    summary.map((line) => `- ${markdownText(line)}`).join('\n'),
    ...sections.flatMap(sectionParts),
  ];
  return `${parts.filter((part) => part !== '').join('\n\n')}\n`;
}

function sectionParts({ title, table, lines = [], blocks = [] }: Section): string[] {
  return [
    `## ${markdownText(title)}`,
    table === undefined ? '' : tableText(table),
    lines.map((line) => `- ${markdownText(line)}`).join('\n'),
    ...blocks.flatMap((block) => [`### ${markdownText(block.title)}`, fenced(block)]),
  ];
}

function tableText({ head, rows }: Table): string {
  const line = (cells: readonly string[]): string => `| ${cells.map(markdownText).join(' | ')} |`;
  return [line(head), `|${' --- |'.repeat(head.length)}`, ...rows.map(line)].join('\n');
}

/** A fence has to be longer than any in the text (CommonMark 0.31, 4.5). */
function fenced({ language, lines }: Block): string {
  const text = visibleText(lines.join('\n'));
  const longest = Math.max(2, ...[...text.matchAll(/`+/g)].map(([ticks]) => ticks.length));
  const fence = '`'.repeat(longest + 1);
  return `${fence}${language}\n${text}\n${fence}`;
}
