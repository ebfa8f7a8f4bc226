import { sizeText } from '../../../diff/report-parts.ts';
import { countText } from '../../../host/count-text.ts';
import { DataTable, More } from '../../look/parts.tsx';
import type { VersionReportFacts } from '../version-facts.ts';

/** Every package of the version. */
export function Packages({ packages }: VersionReportFacts) {
  return (
    <More title={`All ${countText(packages.length, 'package')} with version, size and licences`}>
      <DataTable
        caption="Packages of the version"
        columns={[
          { title: 'package' },
          { title: 'version' },
          { title: 'size', kind: 'number' },
          { title: 'because of' },
          { title: 'licences' },
        ]}
        rows={packages.map(({ name, version, bytes, because, licences }) => [
          name,
          version,
          bytes === undefined ? '' : sizeText(bytes),
          because,
          licences.join(', '),
        ])}
      />
    </More>
  );
}
