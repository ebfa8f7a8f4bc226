import { IngotError } from '../src/host/ingot-error.ts';
import type { Line } from './bench.ts';
import { amiLines } from './lines/ami-lines.ts';
import { bakeLines } from './lines/bake-lines.ts';
import { bootLines } from './lines/boot-lines.ts';
import { commandLines } from './lines/command-lines.ts';
import { diffLines } from './lines/diff-lines.ts';
import { driftLines } from './lines/drift-lines.ts';
import { fleetLines } from './lines/fleet-lines.ts';
import { netbootLines } from './lines/netboot-lines.ts';
import { nightlyLines } from './lines/nightly-lines.ts';
import { peerLines } from './lines/peer-lines.ts';
import { publishLines } from './lines/publish-lines.ts';
import { scaleLines } from './lines/scale-lines.ts';
import { sealLines } from './lines/seal-lines.ts';

const named = (lines: readonly Line[], names: readonly string[]): Line[] =>
  lines.filter(({ name }) => names.includes(name));

/** All lines in the order of measurement: the cold bake comes before the lines that are compared with it. */
export const allLines: readonly Line[] = [
  ...commandLines,
  ...named(bakeLines, ['cold', 'node-memory', 'unchanged']),
  ...peerLines,
  ...bootLines,
  ...named(bakeLines, ['spec-file', 'slave-only', 'package', 'image-file', 'growth-roles']),
  ...scaleLines,
  ...sealLines,
  ...diffLines,
  ...fleetLines,
  ...driftLines,
  ...netbootLines,
  ...publishLines,
  ...amiLines,
  ...nightlyLines,
];

/**
 * The requested lines, in their order.
 * @param only names; undefined for all
 * @param quick omit the lines that take minutes
 * @throws IngotError wrong-usage for a name that is not a line
 */
export function wantedLines(only: readonly string[] | undefined, quick: boolean): readonly Line[] {
  const unknown = (only ?? []).filter((name) => !allLines.some((line) => line.name === name));
  if (unknown.length > 0)
    throw new IngotError({
      code: 'wrong-usage',
      message: `there is no line ${unknown.join(', ')}`,
      hint: `there are: ${allLines.map(({ name }) => name).join(', ')}`,
    });
  return allLines.filter(
    ({ name, slow }) => (only === undefined || only.includes(name)) && !(quick && slow === true),
  );
}
