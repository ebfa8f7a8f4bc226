import { sizeText } from '../../../diff/report-parts.ts';
import { DataTable, More } from '../../look/parts.tsx';
import { percent } from '../../look/texts.ts';
import { type Group, sizeOf } from '../../look/treemap.ts';
import { Treemap } from '../../look/treemap-chart.tsx';
import type { VersionReportFacts } from '../version-facts.ts';

const tableRows = 100;

/** The same sizes as the drawing, the largest first. */
function SizeTable({
  groups,
  what,
  of,
}: {
  readonly groups: readonly Group[];
  readonly what: string;
  readonly of: string;
}) {
  const whole = sizeOf(groups.flatMap(({ leaves }) => leaves));
  const all = groups
    .flatMap(({ name, leaves }) => leaves.map((leaf) => ({ ...leaf, group: name })))
    .toSorted((a, b) => b.size - a.size);
  const shown = all.slice(0, tableRows);
  const title = shown.length < all.length ? `The ${tableRows} largest as a table` : 'The same as a table';
  return (
    <More title={title}>
      <DataTable
        caption={`Sizes by ${what}`}
        columns={[
          { title: what },
          { title: of },
          { title: 'size', kind: 'number' },
          { title: 'share', kind: 'number' },
        ]}
        rows={shown.map(({ name, group, size }) => [
          name,
          group,
          sizeText(size),
          percent(Math.round((size / Math.max(1, whole)) * 1000), 1000).replace('%', ' %'),
        ])}
      />
    </More>
  );
}

/** What the root consists of, by package and by folder. */
export function Sizes({ packageSizes, folderSizes, boot }: VersionReportFacts) {
  const bytes = (groups: readonly Group[]) => sizeOf(groups.flatMap(({ leaves }) => leaves));
  const known = bytes(packageSizes) > 0;
  return (
    <>
      <p class="lead">
        {`The files of the root have ${sizeText(bytes(folderSizes))}; compressed, they are ${sizeText(boot.rootBytes)}. Areas show sizes before compression.`}
      </p>
      <h3>By package</h3>
      {known ? (
        <>
          <p class="soft">Each colour is a package that was asked for, with what only it brings.</p>
          <Treemap
            label={`Treemap of ${sizeText(bytes(packageSizes))} by package; the table below has the same numbers`}
            groups={packageSizes}
            rest={(count) => `${count} others`}
          />
          <SizeTable groups={packageSizes} what="package" of="brought by" />
        </>
      ) : (
        <p>The bill of materials of this version does not state the sizes of packages.</p>
      )}
      <h3>By folder</h3>
      <Treemap
        label={`Treemap of ${sizeText(bytes(folderSizes))} by folder; the table below has the same numbers`}
        groups={folderSizes}
        rest={(count) => `${count} others`}
      />
      <SizeTable groups={folderSizes} what="folder" of="in" />
    </>
  );
}
