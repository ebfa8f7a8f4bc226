import { Keys } from '../look/parts.tsx';
import { axisSteps, measuredTimeText, percent } from '../look/texts.ts';
import type { Band } from './drill-bands.ts';
import type { Lane, LaneState, NodeStart } from './lanes.ts';

export interface LanesProps {
  /** Seconds that the whole width shows. */
  readonly whole: number;
  readonly bands: readonly Band[];
  readonly lanes: readonly Lane[];
  readonly starts: readonly NodeStart[];
}

const fills: Readonly<Record<LaneState, string>> = {
  leads: 'fill',
  follows: 'fill-soft',
  waits: 'fill-idle',
};

const top = 44;
const laneHeight = 30;
const nodeHeading = 24;

/** Drills as bands over the whole height, with their names where there is room. */
function Bands({ bands, whole, height }: Pick<LanesProps, 'bands' | 'whole'> & { readonly height: number }) {
  return (
    <>
      {bands.map(({ name, result, from, to }, index) => (
        <svg x={percent(from, whole)} width={percent(to - from, whole)} height={height}>
          <title>{`${name} ${result}, ${measuredTimeText(to - from)}`}</title>
          {index % 2 === 1 && result === 'passed' ? null : (
            <rect class={result === 'failed' ? 'band failed' : 'band'} width="100%" height={height} />
          )}
          <line class="rule" x1="0" x2="0" y1="0" y2={height} />
          <text x="4" y={14}>
            {name}
          </text>
        </svg>
      ))}
    </>
  );
}

function Axis({ whole, height }: { readonly whole: number; readonly height: number }) {
  return (
    <>
      {axisSteps(whole, 6).map((step, index) => (
        <>
          <line class="rule" x1={percent(step, whole)} x2={percent(step, whole)} y1={20} y2={height} />
          <text
            class="soft-text"
            x={percent(step, whole)}
            y={34}
            text-anchor={index === 0 ? 'start' : step / whole > 0.95 ? 'end' : 'middle'}
          >
            {`${Number(step.toPrecision(4))} s`}
          </text>
        </>
      ))}
    </>
  );
}

/** Who led when: one lane for each service of a node, with the drills as bands behind them. */
export function Lanes({ whole, bands, lanes, starts }: LanesProps) {
  const nodes = [...new Set(lanes.map(({ node }) => node))];
  let y = top;
  const rows = nodes.map((node) => {
    const own = lanes.filter((lane) => lane.node === node);
    const at = y;
    y += nodeHeading + own.length * laneHeight + 6;
    return { node, own, at, end: y - 6 };
  });
  const height = y;
  return (
    <figure>
      <svg
        role="img"
        aria-label="Lanes of all nodes: which service led when. The tables below have the same times."
        width="100%"
        height={height}
      >
        <Bands bands={bands} whole={whole} height={height} />
        <Axis whole={whole} height={height} />
        {rows.map(({ node, own, at, end }) => (
          <>
            <text class="group-name" x="4" y={at + 16}>
              {node}
            </text>
            {own.map(({ what, stretches }, index) => {
              const line = at + nodeHeading + index * laneHeight;
              return (
                <>
                  {stretches.map(({ from, to, state, text }) => (
                    <rect
                      class={fills[state]}
                      x={percent(from, whole)}
                      width={percent(Math.max(to - from, whole / 2000), whole)}
                      y={line + 13}
                      height={laneHeight - 18}
                    >
                      <title>{`${node}, ${what}: ${text}, second ${from.toFixed(0)} to ${to.toFixed(0)}`}</title>
                    </rect>
                  ))}
                  <text class="soft-text" x="4" y={line + 10}>
                    {what}
                  </text>
                </>
              );
            })}
            {starts
              .filter((start) => start.node === node)
              .map(({ at: seen, version }) => (
                <line
                  class="start"
                  x1={percent(seen, whole)}
                  x2={percent(seen, whole)}
                  y1={at + nodeHeading - 4}
                  y2={end}
                >
                  <title>{`${node} first seen after its start, version ${version ?? 'unknown'}`}</title>
                </line>
              ))}
          </>
        ))}
      </svg>
      <Keys
        keys={[
          { fill: 'fill', text: 'leads' },
          { fill: 'fill-soft', text: 'follows, or is registered' },
          { fill: 'fill-idle', text: 'runs, but knows no leader' },
          { fill: 'band failed', text: 'during a drill that failed' },
        ]}
      />
    </figure>
  );
}
