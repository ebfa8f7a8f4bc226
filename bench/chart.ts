import { figure, seriesText, spreadText, verdictText } from './format.ts';
import type { BenchResults, LineResult, Series } from './result.ts';
import { spreadOf, valuesOf } from './statistics.ts';

const width = 860;
const labelWidth = 300;
const barWidth = 300;
const rowHeight = 20;
const margin = 16;

const escape = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');

/** Colours for a light and for a dark theme. */
const style = [
  'text{font:13px sans-serif;fill:#222}',
  '.title{font-weight:bold}',
  '.bar{fill:#777}.first{fill:#2a6}',
  '.spread{stroke:#222;stroke-width:2}',
  '.page{fill:#fff}',
  '@media (prefers-color-scheme:dark){text{fill:#ddd}.page{fill:#111}.spread{stroke:#ddd}.bar{fill:#888}.first{fill:#3b7}}',
].join('');

const text = (x: number, y: number, content: string, kind = ''): string =>
  `<text x="${x}" y="${y}"${kind === '' ? '' : ` class="${kind}"`}>${escape(content)}</text>`;

/** A bar for the median with its number; the line on it reaches from the smallest to the largest run. */
function bar(series: Series, index: number, greatest: number, y: number): string[] {
  const { min, median, max } = spreadOf(valuesOf(series));
  const scale = (value: number) => (barWidth * value) / greatest;
  const left = margin + labelWidth;
  const at = (value: number) => figure(left + scale(value));
  return [
    text(margin, y + 14, series.label),
    `<rect class="${index === 0 ? 'first' : 'bar'}" x="${left}" y="${y + 3}" width="${figure(Math.max(1, scale(median)))}" height="14"/>`,
    ...(max > min
      ? [`<line class="spread" x1="${at(min)}" x2="${at(max)}" y1="${y + 10}" y2="${y + 10}"/>`]
      : []),
    text(left + Math.ceil(scale(max)) + 6, y + 14, seriesText(series)),
  ];
}

function block(line: LineResult, top: number): { readonly parts: string[]; readonly height: number } {
  const shown = line.series.filter(({ samples }) => samples.length > 0);
  const greatestOf = (unit: Series['unit']) =>
    Math.max(...shown.filter((one) => one.unit === unit).flatMap(valuesOf)) || 1;
  const head = [line.name, line.title].join(': ');
  const foot = [
    ...(line.ratio === undefined
      ? []
      : [`${line.ratio.text} ${spreadText(line.ratio.values, '', line.ratio.cutOff === true)}`]),
    ...(line.target === undefined ? [] : [`target ${verdictText(line)}`]),
  ].join('; ');
  const rows = shown.flatMap((one, index) =>
    bar(one, index, greatestOf(one.unit), top + (index + 1) * rowHeight),
  );
  const below = top + (shown.length + 1) * rowHeight;
  return {
    parts: [
      text(margin, top + 14, head, 'title'),
      ...rows,
      ...(foot === '' ? [] : [text(margin, below + 14, foot)]),
    ],
    height: (shown.length + (foot === '' ? 1 : 2)) * rowHeight + rowHeight / 2,
  };
}

/** The results as an SVG picture: for each line one bar for each series, with its number. */
export function resultsChart({ lines }: BenchResults): string {
  const parts: string[] = [];
  let top = margin;
  for (const line of lines) {
    const drawn = block(line, top);
    parts.push(...drawn.parts);
    top += drawn.height;
  }
  const height = top + margin;
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" role="img" aria-label="Results of make bench">`,
    `<style>${style}</style>`,
    `<rect class="page" width="${width}" height="${height}"/>`,
    ...parts,
    '</svg>',
    '',
  ].join('\n');
}
