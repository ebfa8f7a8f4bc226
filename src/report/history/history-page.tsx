import { sizeText } from '../../diff/report-parts.ts';
import { countText } from '../../host/count-text.ts';
import { toolVersion } from '../../inputs/plan/tool-version.ts';
import { allRoles } from '../../inputs/roles.ts';
import { pageText } from '../look/page.tsx';
import { DataTable, Keys } from '../look/parts.tsx';
import { measuredTimeText } from '../look/texts.ts';
import { historyHead, historyRow } from './history-text.ts';
import { LineChart } from './line-chart.tsx';
import type { History, HistoryEntry } from './read-history.ts';

const charts = [
  { title: 'Golden root', of: ({ rootBytes }: HistoryEntry) => rootBytes, text: sizeText },
  { title: 'Packages', of: ({ packages }: HistoryEntry) => packages, text: (value: number) => String(value) },
  { title: 'Bake', of: ({ bakeSeconds }: HistoryEntry) => bakeSeconds, text: measuredTimeText },
  { title: 'Boot', of: ({ bootSeconds }: HistoryEntry) => bootSeconds, text: measuredTimeText },
] as const;

const dots = ['dot', 'dot second'];

/** Size, packages, bake time and boot time of all versions, as drawings. */
function Charts({ versions }: Pick<History, 'versions'>) {
  const roles = allRoles.filter((role) => versions.some((one) => one.role === role));
  return (
    <>
      <Keys keys={roles.map((role, index) => ({ fill: dots[index] ?? 'dot', text: role }))} />
      <p class="soft">From left to right in the order of publication. The axes do not begin at zero.</p>
      <div class="charts">
        {charts.map(({ title, of, text }) => (
          <LineChart
            title={title}
            text={text}
            series={roles.map((role) => ({
              name: role,
              values: versions.filter((one) => one.role === role).map(of),
            }))}
          />
        ))}
      </div>
    </>
  );
}

/**
 * Renders the history of a store as one HTML file.
 * @param hrefOf the link to the report of a version; undefined if it has none
 */
export function historyPage(
  { versions, left }: History,
  hrefOf: (entry: HistoryEntry) => string | undefined,
): string {
  const name = (entry: HistoryEntry, text: string | undefined) => {
    const href = hrefOf(entry);
    return href === undefined ? text : <a href={href}>{text}</a>;
  };
  return pageText({
    kind: 'ingot: history of a store',
    title: countText(versions.length, 'version'),
    sections: [
      { id: 'charts', title: 'Sizes and times', content: <Charts versions={versions} /> },
      ...allRoles.flatMap((role) => {
        const own = versions.filter((one) => one.role === role);
        if (own.length === 0) return [];
        const rows = own.toReversed().map((entry) => {
          const [first, ...others] = historyRow(entry);
          return [name(entry, first), ...others];
        });
        const content = (
          <DataTable
            caption={`Versions of the ${role}, the newest first`}
            columns={historyHead.map((title, index) =>
              index > 1 ? { title, kind: 'number' as const } : { title },
            )}
            rows={rows}
          />
        );
        return [{ id: role, title: `Versions of the ${role}`, content }];
      }),
      ...(left.length === 0
        ? []
        : [
            {
              id: 'left',
              title: 'Left out',
              content: (
                <ul>
                  {left.map((line) => (
                    <li>{line}</li>
                  ))}
                </ul>
              ),
            },
          ]),
    ],
    foot: `Written by ingot ${toolVersion}.`,
  });
}
