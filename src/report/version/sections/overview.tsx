import { growthText, sizeText } from '../../../diff/report-parts.ts';
import { countText } from '../../../host/count-text.ts';
import { Badge, type FactCard, FactCards } from '../../look/parts.tsx';
import { measuredTimeText, momentText } from '../../look/texts.ts';
import type { VersionReportFacts } from '../version-facts.ts';

function Signed({ signedBy }: Pick<VersionReportFacts, 'signedBy'>) {
  if (signedBy === 'damaged') return <Badge tone="bad">the signature does not match</Badge>;
  if (signedBy.length === 0) return <Badge tone="warn">not signed</Badge>;
  return <Badge tone="good">{`signed by ${countText(signedBy.length, 'key')}`}</Badge>;
}

function factsOf({ boot, changes, files, packages, times, bake, checks }: VersionReportFacts): FactCard[] {
  const grown = changes === undefined || changes.rootGrowth === 0 ? undefined : changes.rootGrowth;
  const disks = files.filter(({ name }) => name.startsWith('disk.'));
  const changed = changes?.packages.length;
  const last = 'since the last version';
  const booted = times?.healthySeconds ?? checks?.secondsToSsh;
  return [
    {
      name: 'Golden root',
      value: sizeText(boot.rootBytes),
      ...(grown === undefined ? {} : { more: `${growthText(grown)} ${last}` }),
    },
    ...disks.map(({ name, bytes }) => ({ name, value: sizeText(bytes) })),
    {
      name: 'Packages',
      value: String(packages.length),
      ...(changed === undefined ? {} : { more: `${changed} changed ${last}` }),
    },
    ...(booted === undefined
      ? []
      : [
          {
            name: times === undefined ? 'Boot until ssh' : 'Boot until healthy',
            value: measuredTimeText(booted),
            ...(checks?.accelerator === 'tcg' ? { more: 'on an emulated processor' } : {}),
          },
        ]),
    ...(checks === undefined
      ? []
      : [
          {
            name: 'Checks passed',
            value: String(checks.checks.length),
            more: `booted by ${checks.firmware.toUpperCase()}`,
          },
        ]),
    ...(bake === undefined
      ? []
      : [
          {
            name: 'Bake',
            value: measuredTimeText(bake.seconds),
            more: bake.fromCache.length === 0 ? 'nothing cached' : `${bake.fromCache.length} stages cached`,
          },
        ]),
  ];
}

/** What everybody wants to know first. */
export function Overview({ facts }: { readonly facts: VersionReportFacts }) {
  const { boot, checks } = facts;
  const origin =
    boot.schema === 2
      ? `cluster ${boot.cluster}, packages of ${momentText(boot.date)}, ${boot.architecture}, layout ${boot.layout}`
      : undefined;
  return (
    <>
      {origin === undefined ? null : <p>{origin}</p>}
      {checks?.published === undefined ? null : <p>{`published ${momentText(checks.published)}`}</p>}
      <p>
        <Signed signedBy={facts.signedBy} />{' '}
        {boot.schema === 2 && !boot.production ? (
          <Badge tone="warn">not for production: it contains stand-ins</Badge>
        ) : null}
      </p>
      <FactCards facts={factsOf(facts)} />
    </>
  );
}
