import type { PackageChange, SourceFixes } from '../../../diff/image-diff.ts';
import { countText } from '../../../host/count-text.ts';
import { Badge, DataTable, More, type Tone } from '../../look/parts.tsx';
import type { ReportedChanges, VersionReportFacts } from '../version-facts.ts';

const tones: Readonly<Record<PackageChange['kind'], Tone>> = {
  added: 'good',
  removed: 'bad',
  upgraded: 'plain',
  downgraded: 'warn',
  rebuilt: 'plain',
};

const shownCves = 12;

function Cves({ cves }: { readonly cves: readonly string[] }) {
  const newest = cves.toReversed();
  if (newest.length === 0) return <>a security upload without CVE numbers</>;
  const rest = newest.slice(shownCves);
  return (
    <>
      {newest.slice(0, shownCves).join(' ')}
      {rest.length === 0 ? null : <More title={`and ${rest.length} more`}>{rest.join(' ')}</More>}
    </>
  );
}

function Security({ security }: { readonly security: readonly SourceFixes[] }) {
  const known = security.filter(({ unknown }) => unknown === undefined);
  const others = security.filter(({ unknown }) => unknown !== undefined);
  const count = new Set(known.flatMap(({ cves }) => cves)).size;
  return (
    <>
      <h3>{count === 0 ? 'Security fixes' : `Security fixes: ${countText(count, 'CVE number')}`}</h3>
      {known.length === 0 ? (
        <p class="soft">The changelogs of the upgraded packages name no security fix.</p>
      ) : (
        <DataTable
          caption="Security fixes, by the changelogs of the upgraded source packages"
          columns={['source', 'before', 'after', 'urgency', 'fixes'].map((title) => ({ title }))}
          rows={known.map(({ source, before, after, urgency = '', cves }) => [
            source,
            before,
            after,
            urgency,
            <Cves cves={cves} />,
          ])}
        />
      )}
      {others.length === 0 ? null : (
        <ul>
          {others.map(({ source, before, after, unknown }) => (
            <li>{`not known of ${source} ${before} → ${after}: ${unknown ?? ''}`}</li>
          ))}
        </ul>
      )}
    </>
  );
}

function Packages({ changes }: { readonly changes: ReportedChanges }) {
  if (changes.packages.length === 0) return <p>The packages are the same.</p>;
  return (
    <DataTable
      caption={`${countText(changes.packages.length, 'package')} changed since ${changes.before}`}
      columns={['package', 'what', 'before', 'after'].map((title) => ({ title }))}
      rows={changes.packages.map(({ name, kind, before = '–', after = '–' }) => [
        name,
        <Badge tone={tones[kind]}>{kind === 'rebuilt' ? 'other bytes' : kind}</Badge>,
        before,
        after,
      ])}
    />
  );
}

/** Packages that changed since the version before, and the security fixes in them. */
export function Changes({ role, version, changes }: VersionReportFacts) {
  if (changes === undefined)
    return <p>The store has no version of this role that was published before this one.</p>;
  return (
    <>
      <Packages changes={changes} />
      {changes.packages.length === 0 ? null : <Security security={changes.security} />}
      <p class="soft">
        Files, units and configuration:{' '}
        <code>{`ingot diff ${role}/${changes.before} ${role}/${version}`}</code>
      </p>
    </>
  );
}
