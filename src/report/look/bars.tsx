import type { ComponentChildren } from 'preact';
import { axisSteps, percent } from './texts.ts';

/** A stretch of time on one row of a chart. */
export interface Bar {
  readonly name: ComponentChildren;
  /** A part of the row above; it is indented. */
  readonly part?: boolean;
  /** Seconds since the chart's beginning. */
  readonly from: number;
  readonly seconds: number;
  /** CSS class of the bar; "fill" if undefined. */
  readonly fill?: string;
  /** What is written in the last column. */
  readonly text: ComponentChildren;
}

export interface BarsProps {
  readonly caption: string;
  /** Heading of the names. */
  readonly what: string;
  /** Heading of the last column; "took" if undefined. */
  readonly amount?: string;
  readonly bars: readonly Bar[];
  /** Seconds that the whole width shows. */
  readonly whole: number;
}

const height = 16;

/**
 * A chart of bars in time, as a table: without its drawing the table says the same. A drawing is as wide as its cell,
 * because all horizontal lengths in it are shares.
 */
export function Bars({ caption, what, amount = 'took', bars, whole }: BarsProps) {
  const steps = axisSteps(whole);
  return (
    <div class="bars scroll" tabIndex={0} role="group" aria-label={caption}>
      <table>
        <caption>{caption}</caption>
        <thead>
          <tr>
            <th scope="col">{what}</th>
            <td class="bar" aria-hidden="true">
              <svg width="100%" height={height}>
                {steps.map((step, index) => (
                  <text
                    class="soft-text"
                    x={percent(step, whole)}
                    y="12"
                    text-anchor={index === 0 ? 'start' : step / whole > 0.97 ? 'end' : 'middle'}
                  >
                    {step === 0 ? '0 s' : `${Number(step.toPrecision(3))}`}
                  </text>
                ))}
              </svg>
            </td>
            <th scope="col" class="number">
              {amount}
            </th>
          </tr>
        </thead>
        <tbody>
          {bars.map(({ name, part, from, seconds, fill = 'fill', text }) => (
            <tr {...(part === true ? { class: 'part' } : {})}>
              <th scope="row">{name}</th>
              <td class="bar" aria-hidden="true">
                <svg width="100%" height={height}>
                  {steps.map((step) => (
                    <line
                      class="rule"
                      x1={percent(step, whole)}
                      x2={percent(step, whole)}
                      y1="0"
                      y2={height}
                    />
                  ))}
                  <rect
                    class={fill}
                    x={percent(from, whole)}
                    width={percent(seconds, whole)}
                    y={part === true ? 5 : 2}
                    height={height - (part === true ? 10 : 4)}
                    rx="2"
                  />
                </svg>
              </td>
              <td class="number">{text}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
