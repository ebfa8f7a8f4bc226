import { sizeText } from '../../diff/report-parts.ts';
import { allRoles } from '../../inputs/roles.ts';
import { measuredTimeText, momentText } from '../look/texts.ts';
import type { History, HistoryEntry } from './read-history.ts';

/** The headings of the columns, in order. */
export const historyHead = ['version', 'published', 'root', 'disks', 'packages', 'bake', 'boot'] as const;

/** One version as a row below these headings; "-" for what no record states. */
export function historyRow(entry: HistoryEntry): string[] {
  const { version, latest, published, rootBytes, diskBytes, packages } = entry;
  const { bakeSeconds, cachedStages, bootSeconds, bootUntil, accelerator } = entry;
  const cached = cachedStages === null || cachedStages === 0 ? '' : ` (${cachedStages} cached)`;
  const how = [bootUntil === 'ssh' ? 'until ssh' : '', accelerator === 'tcg' ? 'emulated' : '']
    .filter((word) => word !== '')
    .join(', ');
  return [
    `${version}${latest ? ' (latest)' : ''}`,
    published === null ? '-' : momentText(published),
    sizeText(rootBytes),
    diskBytes === 0 ? '-' : sizeText(diskBytes),
    packages === null ? '-' : String(packages),
    bakeSeconds === null ? '-' : `${measuredTimeText(bakeSeconds)}${cached}`,
    bootSeconds === null ? '-' : `${measuredTimeText(bootSeconds)}${how === '' ? '' : ` (${how})`}`,
  ];
}

/** The history as a table for a terminal, one part for each role. */
export function historyText({ versions, left }: History): string {
  const parts = allRoles.flatMap((role) => {
    const own = versions.filter((one) => one.role === role);
    if (own.length === 0) return [];
    const rows = [[...historyHead], ...own.map(historyRow)];
    const widths = historyHead.map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
    const lines = rows.map((row) =>
      `  ${row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join('  ')}`.trimEnd(),
    );
    return [[role, ...lines].join('\n')];
  });
  return `${[...parts, ...left].join('\n\n')}\n`;
}
