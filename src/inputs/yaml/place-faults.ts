import { LineCounter, parseDocument } from 'yaml';
import { IngotError } from '../../host/ingot-error.ts';
import { findNode } from './find-node.ts';
import { showProblems } from './show-problems.ts';
import type { SpecFaults } from './spec-faults.ts';

/**
 * Shows faults at the places of a YAML file that name the faulty things, in the way in which parseYaml shows errors of
 * the file itself.
 * @param text of a file that was parsed before
 * @param fileName its name in errors
 * @param hint what to do next, in addition to what each fault says
 */
export function placeFaults(
  text: string,
  fileName: string,
  { code, faults }: Pick<SpecFaults, 'code' | 'faults'>,
  hint: string,
): IngotError {
  const shown = text.replace(/^\u{feff}/u, '');
  const lines = new LineCounter();
  const document = parseDocument(shown, { lineCounter: lines, stringKeys: true, logLevel: 'error' });
  const found = faults.map((fault) => ({ ...fault, ...findNode(document, fault.path) }));
  const placed = found.filter(({ value }) => value !== undefined);
  const elsewhere = found
    .filter(({ value }) => value === undefined)
    .map(({ message, right }) => `${message}\n  right: ${right}`);
  const count = faults.length === 1 ? 'a thing' : `${faults.length} things`;
  const shownInFile = placed.length === 0 ? [] : [showProblems(placed, shown, fileName, lines)];
  return new IngotError({
    code,
    message: `${fileName} names ${count} that cannot be used:\n\n${[...shownInFile, ...elsewhere].join('\n\n')}`,
    hint,
  });
}
