import type { ListedVersion } from '../../channel/store-overview.ts';
import { sizeText } from '../../diff/report-parts.ts';
import { allRoles } from '../../inputs/roles.ts';
import { latestName } from '../../store/latest-version.ts';

const head = ['version', 'lock', 'size', 'channels', 'notes'] as const;

/** What a person has to know about a version before using it. */
export function notesOf({ latest, revoked, production, signedBy, statements }: ListedVersion): string[] {
  return [
    ...(revoked === null ? [] : [`REVOKED: ${revoked.why}`]),
    ...(latest ? [latestName] : []),
    ...(production === false ? ['stand-ins'] : []),
    ...(signedBy.length === 0 ? ['not signed'] : []),
    ...(statements === 0 ? [] : [statements === 1 ? '1 rehearsal' : `${statements} rehearsals`]),
  ];
}

const rowOf = (one: ListedVersion): string[] => [
  one.version,
  one.date?.slice(0, 10) ?? '-',
  sizeText(one.bytes),
  one.channels.join(', ') || '-',
  notesOf(one).join(', '),
];

/** The versions as a table, one part for each role. */
export function listText(versions: readonly ListedVersion[]): string {
  const parts = allRoles.flatMap((role) => {
    const own = versions.filter((one) => one.role === role);
    if (own.length === 0) return [];
    const rows = [[...head], ...own.map(rowOf)];
    const widths = head.map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
    const lines = rows.map((row) =>
      `  ${row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join('  ')}`.trimEnd(),
    );
    return [[role, ...lines].join('\n')];
  });
  return parts.length === 0 ? '' : `${parts.join('\n\n')}\n`;
}
