import { seriesText, spreadText, usageText, verdictText } from './format.ts';
import type { BenchResults, LineResult } from './result.ts';

function lineText(line: LineResult): string {
  const width = Math.max(...line.series.map(({ label }) => label.length), line.ratio?.text.length ?? 0);
  const row = (label: string, ...rest: readonly string[]) =>
    `  ${label.padEnd(width)}  ${rest.filter((text) => text !== '').join('; ')}`;
  return [
    `${line.name}: ${line.title}`,
    ...line.series.map((one) => row(one.label, seriesText(one), usageText(one))),
    ...(line.ratio === undefined
      ? []
      : [row(line.ratio.text, spreadText(line.ratio.values, '', line.ratio.cutOff === true))]),
    ...(line.target === undefined ? [] : [row('target', verdictText(line))]),
    ...(line.notes ?? []).map((note) => `  ${note}`),
  ].join('\n');
}

/** Date and machine of a measurement; printed once for consecutive lines that share them. */
function machineText({ at, machine }: LineResult): string {
  const versions = Object.entries(machine.versions)
    .map(([program, version]) => `${program} ${version}`)
    .join(', ');
  return `${at.slice(0, 10)}, ${machine.cores} cores (${machine.processor}), ${machine.memoryGiB} GiB, ${machine.accelerator}; ${versions}`;
}

/** The results as text for people: medians, and in brackets the smallest and the largest value. */
export function resultsTable({ lines }: BenchResults): string {
  const blocks: string[] = [];
  let last = '';
  for (const line of lines) {
    const own = machineText(line);
    if (own !== last) blocks.push(`# ${own}`);
    last = own;
    blocks.push(lineText(line));
  }
  return blocks.length === 0 ? 'nothing was measured yet\n' : `${blocks.join('\n\n')}\n`;
}
