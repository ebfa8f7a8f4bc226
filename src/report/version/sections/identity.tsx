import { Badge, DataTable, More, Pairs } from '../../look/parts.tsx';
import { momentText } from '../../look/texts.ts';
import type { VersionReportFacts } from '../version-facts.ts';

function Signatures({ signedBy }: Pick<VersionReportFacts, 'signedBy'>) {
  if (signedBy === 'damaged')
    return (
      <>
        <Badge tone="bad">damaged</Badge> SHA256SUMS.dsse does not sign the SHA256SUMS of this version
      </>
    );
  if (signedBy.length === 0) return <>none</>;
  return (
    <>
      {signedBy.map((id) => (
        <div>
          <code>{id}</code>
        </div>
      ))}
    </>
  );
}

/** What a node and a person verify this version by. */
export function IdentitySection({
  role,
  version,
  boot,
  signedBy,
  rehearsals,
  privileges,
}: VersionReportFacts) {
  return (
    <>
      <Pairs
        pairs={[
          ['Root hash', <code>{boot.rootHash}</code>],
          ['Signed by the keys', <Signatures signedBy={signedBy} />],
          ['Kernel arguments', <code>{boot.kernelArguments.join(' ')}</code>],
          ['Memory to run without a disk', `${boot.memoryMiB} MiB`],
          ...(boot.schema === 2 && boot.scheduler !== undefined
            ? ([['Scheduler', boot.scheduler]] as const)
            : []),
        ]}
      />
      <p class="soft">
        This page only repeats what the files say. To verify them:{' '}
        <code>{`ingot verify ${role}/${version} --key KEY.pub.pem`}</code>
      </p>
      {rehearsals.length === 0 ? null : (
        <DataTable
          caption="Statements about rehearsals; their signatures are not verified here"
          columns={[
            { title: 'finished' },
            { title: 'passed', kind: 'number' },
            { title: 'drills' },
            { title: 'signed by' },
          ]}
          rows={rehearsals.map(({ finishedOn, passed, drills, signedBy: keys }) => [
            momentText(finishedOn),
            passed,
            drills.join(', '),
            keys.map((key) => <code>{key.slice(0, 16)}</code>),
          ])}
        />
      )}
      {privileges.length === 0 ? null : (
        <More title="Programs with more rights than their caller">
          <DataTable
            caption="Programs that are set-uid, set-gid or have capabilities, and why"
            columns={[{ title: 'program' }, { title: 'mode' }, { title: 'why' }]}
            rows={privileges.map(({ path, mode, why }) => [<code>{path}</code>, mode, why])}
          />
        </More>
      )}
    </>
  );
}
