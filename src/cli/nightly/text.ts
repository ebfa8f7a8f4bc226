import type { NightStepRecord, StepName } from '../../nightly/night.ts';

const width = 8;

/** A line about a step that has ended: its result, its time, and what it found. */
export function stepLine(name: StepName, { result, seconds, says }: NightStepRecord): string {
  const [first = '', ...more] = says;
  const head = `nightly  ${name.padEnd(width)}  ${result.padEnd(6)}  ${seconds.toFixed(1).padStart(7)} s  ${first}\n`;
  return head + more.map((line) => `${' '.repeat(width + 32)}${line}\n`).join('');
}
