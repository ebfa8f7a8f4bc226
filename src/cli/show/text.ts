import type { ChannelPointer } from '../../channel/channel-pointer.ts';
import type { ListedVersion } from '../../channel/store-overview.ts';
import { sizeText } from '../../diff/report-parts.ts';
import { countText } from '../../host/count-text.ts';
import { pointerText } from '../shared/pointer-text.ts';
import { type CheckedVersion, isRefused } from '../verify/check-versions.ts';
import { rehearsalsText } from '../verify/rehearsals-text.ts';

const standInText = (production: boolean | null): string =>
  production === null ? 'not stated' : production ? 'none' : 'YES, not for production';

function verifiedText(checked: CheckedVersion | undefined): string {
  if (checked === undefined) return 'not verified (--key)';
  const { files, problems, signedBy } = checked.report;
  if (isRefused(checked))
    return `REFUSED, ${problems.length === 1 ? '1 problem' : `${problems.length} problems`}`;
  return `${files} files as signed by ${signedBy.map((id) => id.slice(0, 16)).join(', ')}`;
}

function versionText(one: ListedVersion, checked: CheckedVersion | undefined): string {
  const rows: readonly (readonly [string, string])[] = [
    ['cluster', one.cluster ?? 'not stated'],
    ['lock', one.date ?? 'not stated'],
    ['root hash', one.rootHash ?? 'not known'],
    ['stand-ins', standInText(one.production)],
    ['size', sizeText(one.bytes)],
    ['signed by', one.signedBy.map((id) => id.slice(0, 16)).join(', ') || 'nobody'],
    ['verified', verifiedText(checked)],
    ['channels', one.channels.join(', ') || 'none'],
    ...(checked === undefined
      ? [
          [
            'rehearsed',
            one.statements === 0
              ? 'no statement'
              : `${countText(one.statements, 'signed statement')}, not verified`,
          ] as const,
        ]
      : []),
    ...(one.revoked === null ? [] : [['REVOKED', `${one.revoked.on}: ${one.revoked.why}`] as const]),
  ];
  const lines = rows.map(([name, value]) => `  ${name.padEnd(9)}  ${value}\n`);
  const rehearsals = checked === undefined ? '' : rehearsalsText(checked.rehearsals);
  return `${one.role} ${one.version}${one.latest ? ' (latest)' : ''}\n${lines.join('')}${rehearsals}`;
}

/** What `ingot show` prints. */
export function showText(
  versions: readonly ListedVersion[],
  checked: readonly CheckedVersion[] | undefined,
  pointer: ChannelPointer | undefined,
): string {
  const head = pointer === undefined ? '' : `${pointerText(pointer)}\n`;
  return head + versions.map((one, index) => versionText(one, checked?.[index])).join('\n');
}
