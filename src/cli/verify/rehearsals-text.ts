import { basename } from 'node:path';
import { countText } from '../../host/count-text.ts';
import type { FoundRehearsals } from '../../version/rehearsal/rehearsals.ts';
import type { RehearsalPredicate } from '../../version/rehearsal/statement.ts';
import type { VersionReport } from '../../version/verify-version.ts';

const passed = ({ drills }: RehearsalPredicate): string =>
  drills
    .filter(({ result }) => result === 'passed')
    .map(({ name }) => name)
    .join(', ');

/** The statements about a version: the content of each, and why others do not count. */
export function rehearsalsText({ statements, refused }: FoundRehearsals): string {
  return [
    ...statements.map(({ predicate }) => {
      const { cluster, upgrade, role, finishedOn } = predicate;
      const from = upgrade === undefined ? '' : `upgraded from ${upgrade.from[role].version}, `;
      const stand = cluster.production ? '' : ', with stand-ins';
      return `  rehearsed  ${finishedOn}, ${from}${countText(cluster.masters, 'master')} and ${countText(cluster.slaves, 'slave')} (${cluster.accelerator}, ${cluster.layout}, ${cluster.scheduler}${stand}): ${passed(predicate)}\n`;
    }),
    ...refused.map(({ file, why }) => `  statement  ${basename(file)} does not count: it ${why}\n`),
  ].join('');
}

/** Why a version does not satisfy a policy that requires drills. */
export function missingDrillLines(
  { folder }: VersionReport,
  { refused }: FoundRehearsals,
  missing: readonly string[],
  several: boolean,
): string[] {
  if (missing.length === 0) return [];
  const whose = several ? `${folder}: ` : '';
  return [
    `${whose}no signed statement says that ${missing.length === 1 ? 'this drill' : 'these drills'} passed: ${missing.join(', ')}`,
    ...refused.map(({ file, why }) => `${basename(file)} ${why}`),
  ];
}
