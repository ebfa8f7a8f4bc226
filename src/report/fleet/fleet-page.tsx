import { countOf, type FleetResult } from '../../fleet/fleet-result.ts';
import { fleetReport } from '../../fleet/report/fleet-report.ts';
import { countText } from '../../host/count-text.ts';
import { toolVersion } from '../../inputs/plan/tool-version.ts';
import { pageSections, Summary } from '../document/sections.tsx';
import { pageText } from '../look/page.tsx';
import { FactCards, Keys } from '../look/parts.tsx';
import { percent } from '../look/texts.ts';

/** The states of nodes in the order of the report: the good one first, then what needs somebody most. */
const states = [
  { state: 'golden', name: 'as the golden image', fill: 'fill-good' },
  { state: 'behind', name: 'behind a rollout', fill: 't4' },
  { state: 'revoked', name: 'with a revoked version', fill: 't1' },
  { state: 'drifted', name: 'drifted', fill: 'fill-bad' },
  { state: 'wrong version', name: 'of a wrong version', fill: 't2' },
  { state: 'other seed', name: 'with another seed', fill: 't3' },
  { state: 'other boot', name: 'with another boot partition', fill: 't6' },
  { state: 'stale', name: 'stale', fill: 'fill-idle' },
  { state: 'unreachable', name: 'unreachable', fill: 'fill-soft' },
  { state: 'partial', name: 'with an incomplete answer', fill: 't5' },
] as const;

interface Share {
  readonly name: string;
  readonly fill: string;
  readonly count: number;
  readonly before: number;
}

/** The number of nodes in each state that occurs, with the number of nodes before it in the drawing. */
function sharesOf(result: FleetResult): Share[] {
  let before = 0;
  return states.flatMap(({ state, name, fill }) => {
    const count = countOf(result, state);
    const share = { name, fill, count, before };
    before += count;
    return count === 0 ? [] : [share];
  });
}

/** The fleet as one bar: the share of each state. */
function FleetBar({ shares, whole }: { readonly shares: readonly Share[]; readonly whole: number }) {
  const label = shares.map(({ name, count }) => `${countText(count, 'node')} ${name}`).join(', ');
  return (
    <figure>
      <svg width="100%" height="28" role="img" aria-label={label}>
        {shares.map(({ fill, count, before }) => (
          <rect class={`cell ${fill}`} x={percent(before, whole)} width={percent(count, whole)} height="28" />
        ))}
      </svg>
      <Keys
        keys={shares.map(({ fill, name, count }) => ({ fill, text: `${countText(count, 'node')} ${name}` }))}
      />
    </figure>
  );
}

/**
 * Renders the report about a fleet as one HTML file that loads no other resources.
 * @param all show every node, group and drift, not only the first of them
 */
export function fleetPage(result: FleetResult, all: boolean): string {
  const report = fleetReport(result, all);
  const shares = sharesOf(result);
  return pageText({
    kind: 'ingot: drift of a fleet',
    title: report.title,
    head: (
      <>
        <Summary summary={report.summary} />
        <FactCards facts={shares.map(({ name, count }) => ({ name, value: countText(count, 'node') }))} />
        <FleetBar shares={shares} whole={result.nodes} />
      </>
    ),
    sections: pageSections(report),
    foot: `Written by ingot ${toolVersion}.`,
  });
}
