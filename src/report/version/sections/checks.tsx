import { DataTable, More } from '../../look/parts.tsx';
import { measuredTimeText } from '../../look/texts.ts';
import type { VersionReportFacts } from '../version-facts.ts';

/** Every check of the boot test, with what it printed. */
export function Checks({ checks }: VersionReportFacts) {
  if (checks === undefined) return <p>This version has no record of its boot test.</p>;
  const { firmware, accelerator, guest } = checks;
  return (
    <>
      <p>
        {`Booted by ${firmware.toUpperCase()} in QEMU (${accelerator}), ${guest.cpus} processors, ${guest.memoryMiB} MiB. A version is published only if all checks pass.`}
      </p>
      <DataTable
        caption="Checks in the order in which they ran"
        columns={[
          { title: 'check' },
          { title: 'what it printed', kind: 'keep' },
          { title: 'took', kind: 'number' },
        ]}
        rows={checks.checks.map(({ name, saw, seconds }) => [name, saw, measuredTimeText(seconds)])}
      />
      <More title="Their commands">
        <DataTable
          caption="Commands of the checks; each runs on the node as root"
          columns={[
            { title: 'check' },
            { title: 'command', kind: 'keep' },
            { title: 'within', kind: 'number' },
          ]}
          rows={checks.checks.map(({ name, run, within }) => [name, <code>{run}</code>, `${within} s`])}
        />
      </More>
    </>
  );
}
