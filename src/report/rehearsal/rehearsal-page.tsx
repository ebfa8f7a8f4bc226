import { countText } from '../../host/count-text.ts';
import { toolVersion } from '../../inputs/plan/tool-version.ts';
import { allRoles } from '../../inputs/roles.ts';
import { pageText } from '../look/page.tsx';
import { Badge, DataTable, FactCards, More, type Tone } from '../look/parts.tsx';
import { measuredTimeText, momentText } from '../look/texts.ts';
import type { LinkedFile } from '../version/version-facts.ts';
import { type RecordedRehearsal, timelineOf } from './drill-bands.ts';
import { lanesOf, leadersOf, startsOf } from './lanes.ts';
import { Lanes } from './lanes-chart.tsx';
import type { NodeSamples } from './read-samples.ts';

type Outcome = RecordedRehearsal['outcomes'][number];

const tones: Readonly<Record<Outcome['result'], Tone>> = {
  passed: 'good',
  failed: 'bad',
  skipped: 'plain',
  'not run': 'warn',
};

/** Everything that the report of a rehearsal shows. */
export interface RehearsalFacts {
  readonly rehearsal: RecordedRehearsal;
  readonly nodes: readonly NodeSamples[];
  readonly logs: readonly LinkedFile[];
}

function Head({ rehearsal, nodes }: RehearsalFacts) {
  const { outcomes, versions, upgrade, accelerator } = rehearsal;
  const count = (result: Outcome['result']) => outcomes.filter((one) => one.result === result).length;
  const failed = outcomes.filter(({ result }) => result === 'failed');
  return (
    <>
      {allRoles.map((role) => (
        <p>
          {upgrade === undefined
            ? `${role} ${versions[role].version}`
            : `${role} ${versions[role].version} → ${upgrade.to[role].version}`}
        </p>
      ))}
      <p>
        {failed.length === 0 ? (
          <Badge tone="good">all drills passed</Badge>
        ) : (
          <Badge tone="bad">{`failed: ${failed.map(({ name }) => name).join(', ')}`}</Badge>
        )}
      </p>
      <FactCards
        facts={[
          { name: 'Drills passed', value: `${count('passed')} of ${outcomes.length}` },
          {
            name: 'Duration',
            value: measuredTimeText(outcomes.reduce((sum, { seconds }) => sum + seconds, 0)),
          },
          { name: 'Nodes', value: String(nodes.length) },
          {
            name: 'Accelerator',
            value: accelerator,
            ...(accelerator === 'tcg' ? { more: 'emulated, so times are long' } : {}),
          },
        ]}
      />
    </>
  );
}

function Drills({ outcomes }: Pick<RecordedRehearsal, 'outcomes'>) {
  return (
    <>
      <DataTable
        caption="Drills in the order in which they ran"
        columns={[
          { title: 'drill' },
          { title: 'result' },
          { title: 'took', kind: 'number' },
          { title: 'what was seen', kind: 'keep' },
        ]}
        rows={outcomes.map(({ name, result, seconds, saw }) => [
          name,
          <Badge tone={tones[result]}>{result}</Badge>,
          seconds === 0 ? '' : measuredTimeText(seconds),
          saw.trim(),
        ])}
      />
      {outcomes.flatMap(({ name, table }) =>
        table === undefined
          ? []
          : [
              <More title={`Table of ${name}`}>
                <pre tabIndex={0} role="group" aria-label={`Table of ${name}`}>
                  {table}
                </pre>
              </More>,
            ],
      )}
    </>
  );
}

function Leaders({ facts }: { readonly facts: RehearsalFacts }) {
  const { rehearsal, nodes } = facts;
  const lastSample = Math.max(
    0,
    ...nodes.flatMap(({ samples }) => samples.slice(-1).map(({ at, took }) => at + took)),
  );
  const { begin, end, bands, estimated } = timelineOf(rehearsal, lastSample);
  const lanes = lanesOf(nodes, begin);
  if (lanes.length === 0) return <p>No node of this rehearsal was sampled.</p>;
  const starts = startsOf(nodes, begin);
  const gaps = rehearsal.upgrade?.leaderless?.gaps ?? [];
  return (
    <>
      <p class="lead">
        {`The drawing begins ${momentText(new Date(begin * 1000).toISOString())}. A sample of each node every few seconds shows what it did; nothing is drawn where a node was not sampled, because it was off or starting. An upright line is the first sample after a start. Times are by the clock of each node.`}
        {estimated
          ? ' When each drill began was not recorded: the bands are placed by their durations, back from the last sample.'
          : ''}
      </p>
      <Lanes whole={end - begin} bands={bands} lanes={lanes} starts={starts} />
      {gaps.length === 0 ? null : (
        <ul>
          {gaps.map(({ at, seconds }) => (
            <li>{`no master led for ${measuredTimeText(seconds)}, from second ${at.toFixed(0)} of the upgrade`}</li>
          ))}
        </ul>
      )}
      <More title="Who led, as a table">
        <DataTable
          caption="Leaders in the order of time, in seconds since the drawing begins"
          columns={[
            { title: 'service' },
            { title: 'node' },
            { title: 'from', kind: 'number' },
            { title: 'until', kind: 'number' },
          ]}
          rows={leadersOf(lanes).map(({ what, node, stretch }) => [
            what,
            node,
            stretch.from.toFixed(0),
            stretch.to.toFixed(0),
          ])}
        />
      </More>
      <More title={`${countText(starts.length, 'start')} of nodes, as a table`}>
        <DataTable
          caption="When a node was first seen after each start"
          columns={[{ title: 'node' }, { title: 'second', kind: 'number' }, { title: 'version' }]}
          rows={starts.map(({ node, at, version }) => [node, at.toFixed(0), version ?? ''])}
        />
      </More>
    </>
  );
}

/** Renders the report of a rehearsal as one HTML file. */
export function rehearsalPage(facts: RehearsalFacts): string {
  const { rehearsal, logs } = facts;
  return pageText({
    kind:
      rehearsal.upgrade === undefined
        ? 'ingot: report of a rehearsal'
        : 'ingot: report of a rehearsed upgrade',
    title: rehearsal.upgrade === undefined ? 'Rehearsal' : 'Rehearsed upgrade',
    head: <Head {...facts} />,
    sections: [
      { id: 'lanes', title: 'Who led when', content: <Leaders facts={facts} /> },
      { id: 'drills', title: 'Drills', content: <Drills outcomes={rehearsal.outcomes} /> },
      {
        id: 'logs',
        title: 'Logs and consoles',
        content: (
          <ul>
            {logs.map(({ href, name }) => (
              <li>
                <a href={href}>{name}</a>
              </li>
            ))}
          </ul>
        ),
      },
    ],
    foot: `Written by ingot ${toolVersion} next to the logs of the rehearsal.`,
  });
}
