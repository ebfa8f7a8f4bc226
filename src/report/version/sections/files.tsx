import { sizeText } from '../../../diff/report-parts.ts';
import { DataTable } from '../../look/parts.tsx';
import type { LinkedFile, VersionReportFacts } from '../version-facts.ts';

const link = ({ href, name }: LinkedFile) => <a href={href}>{name}</a>;

/** Links to the files of the version, and to the logs and consoles of its bake. */
export function Files({ files, logs, bake }: VersionReportFacts) {
  return (
    <>
      <DataTable
        caption="Files of the version"
        columns={[{ title: 'file' }, { title: 'size', kind: 'number' }, { title: 'SHA-256' }]}
        rows={files.map((one) => [link(one), sizeText(one.bytes), <code>{one.text}</code>])}
      />
      <h3>Logs and consoles</h3>
      {logs.length === 0 ? (
        <p>{`The store has no logs of the run${bake === undefined ? '' : ` ${bake.run}`}: it keeps those of the ten newest runs.`}</p>
      ) : (
        <DataTable
          caption="Logs of the bake, as long as the store keeps them: those of the ten newest runs"
          columns={[{ title: 'log' }, { title: 'size', kind: 'number' }, { title: 'what it holds' }]}
          rows={logs.map((one) => [link(one), sizeText(one.bytes), one.text])}
        />
      )}
    </>
  );
}
