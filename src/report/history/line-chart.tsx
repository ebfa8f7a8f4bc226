import { percent } from '../look/texts.ts';

/** One line of a chart. A point without a value is missing. */
export interface Series {
  readonly name: string;
  /** In the order of the chart's places. */
  readonly values: readonly (number | null)[];
}

export interface LineChartProps {
  readonly title: string;
  readonly series: readonly Series[];
  /** A value as people read it. */
  readonly text: (value: number) => string;
}

const height = 190;
const [above, below] = [24, 26];
const classes = ['', ' second'];

/** The lowest and highest value of the drawing: with some space, so that no line is on its edge. */
function rangeOf(values: readonly number[]): readonly [low: number, high: number] {
  const [least, most] = [Math.min(...values), Math.max(...values)];
  const space = most === least ? Math.max(1, most * 0.1) : (most - least) * 0.35;
  return [Math.max(0, least - space), most + space];
}

/** Whether a value is above those of the other lines at its place, so that its text does not cover theirs. */
function isHighest(series: readonly Series[], line: number, index: number): boolean {
  const own = series[line]?.values[index] ?? 0;
  return series.every(({ values }, other) => {
    const value = values[index] ?? -Infinity;
    return other === line || value < own || (value === own && other > line);
  });
}

/** A chart of one number over all versions. The table of the page has the same numbers. */
export function LineChart({ title, series, text }: LineChartProps) {
  const all = series.flatMap(({ values }) => values.filter((value) => value !== null));
  if (all.length === 0) return null;
  const [low, high] = rangeOf(all);
  const places = Math.max(...series.map(({ values }) => values.length));
  const x = (index: number): string => percent(index + 0.5, places);
  const y = (value: number): number =>
    Math.round((above + (1 - (value - low) / (high - low)) * (height - above - below)) * 10) / 10;
  return (
    <figure>
      <figcaption>{title}</figcaption>
      <svg
        role="img"
        aria-label={`${title}, over all versions; the table has the same numbers`}
        width="100%"
        height={height}
      >
        {[low, (low + high) / 2, high].map((value) => (
          <line class="rule" x1="0" x2="100%" y1={y(value)} y2={y(value)} />
        ))}
        {series.map(({ name, values }, line) => {
          const known = values.flatMap((value, index) => (value === null ? [] : [{ value, index }]));
          const kind = classes[line % classes.length] ?? '';
          return (
            <>
              {known.slice(1).map(({ value, index }, before) => (
                <line
                  class={`line${kind}`}
                  x1={x(known[before]?.index ?? 0)}
                  y1={y(known[before]?.value ?? 0)}
                  x2={x(index)}
                  y2={y(value)}
                />
              ))}
              {known.map(({ value, index }, place) => (
                <>
                  <circle class={`dot${kind}`} cx={x(index)} cy={y(value)} r="4">
                    <title>{`${name}: ${text(value)}`}</title>
                  </circle>
                  {known.length <= 6 || place === known.length - 1 || place === 0 ? (
                    <text
                      class="soft-text"
                      x={x(index)}
                      y={y(value) + (isHighest(series, line, index) ? -9 : 18)}
                      text-anchor="middle"
                    >
                      {text(value)}
                    </text>
                  ) : null}
                </>
              ))}
            </>
          );
        })}
      </svg>
    </figure>
  );
}
