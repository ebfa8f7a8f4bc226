import type { ComponentChildren } from 'preact';

export interface FactCard {
  readonly name: string;
  readonly value: ComponentChildren;
  /** Small, below the value. */
  readonly more?: ComponentChildren;
}

/** The most important facts, one card each. */
export function FactCards({ facts }: { readonly facts: readonly FactCard[] }) {
  return (
    <dl class="facts">
      {facts.map(({ name, value, more }) => (
        <div>
          <dt>{name}</dt>
          <dd>
            {value}
            {more === undefined ? null : <small>{more}</small>}
          </dd>
        </div>
      ))}
    </dl>
  );
}

/** Names and values, one pair per line. */
export function Pairs({ pairs }: { readonly pairs: readonly (readonly [string, ComponentChildren])[] }) {
  return (
    <dl class="pairs">
      {pairs.map(([name, value]) => (
        <>
          <dt>{name}</dt>
          <dd>{value}</dd>
        </>
      ))}
    </dl>
  );
}

export type Tone = 'good' | 'warn' | 'bad' | 'plain';

/** A word that stands out; its colour never says more than the word. */
export function Badge({ tone, children }: { readonly tone: Tone; readonly children: ComponentChildren }) {
  return <span class={tone === 'plain' ? 'badge' : `badge ${tone}`}>{children}</span>;
}

export interface Column {
  readonly title: string;
  /** Numbers are aligned to the right; "keep" preserves line breaks. */
  readonly kind?: 'number' | 'keep';
}

export interface DataTableProps {
  /** What the table shows; people who do not see the page hear it first. */
  readonly caption: string;
  readonly columns: readonly Column[];
  readonly rows: readonly (readonly ComponentChildren[])[];
}

/** From this length on the browser lays out only the rows that are visible. */
const long = 200;

/** A table whose first cell names its row. It scrolls by itself if it is too wide, also by keyboard. */
export function DataTable({ caption, columns, rows }: DataTableProps) {
  const classOf = (column: number): { class?: string } => {
    const kind = columns[column]?.kind;
    return kind === undefined ? {} : { class: kind };
  };
  return (
    <div class="scroll" tabIndex={0} role="group" aria-label={caption}>
      <table {...(rows.length > long ? { class: 'long' } : {})}>
        <caption>{caption}</caption>
        <thead>
          <tr>
            {columns.map(({ title }, column) => (
              <th scope="col" {...classOf(column)}>
                {title}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <tr>
              {row.map((cell, column) =>
                column === 0 ? (
                  <th scope="row" {...classOf(column)}>
                    {cell}
                  </th>
                ) : (
                  <td {...classOf(column)}>{cell}</td>
                ),
              )}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

/** Something longer that opens on demand. */
export function More({
  title,
  open = false,
  children,
}: {
  readonly title: string;
  readonly open?: boolean;
  readonly children: ComponentChildren;
}) {
  return (
    <details open={open}>
      <summary>{title}</summary>
      {children}
    </details>
  );
}

/** The meaning of a fill of a drawing. */
export interface Key {
  readonly fill: string;
  readonly text: string;
}

/** What the colours of a drawing mean. */
export function Keys({ keys }: { readonly keys: readonly Key[] }) {
  return (
    <ul class="keys">
      {keys.map(({ fill, text }) => (
        <li>
          <svg width="14" height="14" aria-hidden="true">
            <rect width="14" height="14" rx="2" class={fill} />
          </svg>
          {text}
        </li>
      ))}
    </ul>
  );
}
