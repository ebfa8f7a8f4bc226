import type { Block, Report, Section, Table } from '../../diff/report-parts.ts';
import type { PageSection } from '../look/page.tsx';
import { DataTable, More } from '../look/parts.tsx';

/** The class of a line of a diff, for its colour. */
function lineClass(line: string, language: Block['language']): string {
  if (language !== 'diff') return 'plain';
  if (/^(\+\+\+|---|@@)/.test(line)) return 'place';
  return line.startsWith('+') ? 'added' : line.startsWith('-') ? 'removed' : 'plain';
}

function TextBlock({ title, language, lines }: Block) {
  if (lines.length === 0) return <p>{title}</p>;
  return (
    <More title={title} open>
      <pre tabIndex={0} role="group" aria-label={title}>
        {lines.map((line) => (
          <span class={lineClass(line, language)}>{`${line}\n`}</span>
        ))}
      </pre>
    </More>
  );
}

function TableOf({ table, title }: { readonly table: Table; readonly title: string }) {
  return (
    <DataTable
      caption={title}
      columns={table.head.map((name, index) => ({
        title: name,
        ...(index === 0 ? {} : { kind: 'keep' as const }),
      }))}
      rows={table.rows}
    />
  );
}

function Content({ title, table, lines = [], blocks = [] }: Section) {
  return (
    <>
      {table === undefined ? null : <TableOf table={table} title={title} />}
      {lines.length === 0 ? null : (
        <ul>
          {lines.map((line) => (
            <li>{line}</li>
          ))}
        </ul>
      )}
      {blocks.map((block) => (
        <TextBlock {...block} />
      ))}
    </>
  );
}

/** The sections of a report as sections of a page. */
export function pageSections({ sections }: Report): PageSection[] {
  return sections.map((section, index) => ({
    id: `section-${index + 1}`,
    title: section.title,
    content: <Content {...section} />,
  }));
}

/** The summary of a report as a list. */
export function Summary({ summary }: Pick<Report, 'summary'>) {
  return (
    <ul>
      {summary.map((line) => (
        <li>{line}</li>
      ))}
    </ul>
  );
}
