import { expect, test } from 'vitest';
import { exportedNames, parseSource, type SourceFile, sourceFiles } from '../../samples/sources.ts';

/** The names that more than one file declares and exports, each with its files. */
function exportedTwice(sources: readonly SourceFile[]): Record<string, string[]> {
  const files = new Map<string, string[]>();
  for (const source of sources)
    for (const name of new Set(exportedNames(source)))
      files.set(name, [...(files.get(name) ?? []), source.path]);
  return Object.fromEntries([...files].filter(([, paths]) => paths.length > 1));
}

test('an exported name has one meaning: no two files of src/ declare the same', () => {
  const twice = Object.entries(exportedTwice(sourceFiles('src')));
  expect(twice).toEqual([]);
});

test('two files that declare the same name are found, whatever its kind; a re-export is not a second meaning', () => {
  const one = parseSource(
    'one.ts',
    'export type Stage = 1; export const a = 1, b = 2; export async function work() {} export class Box {}',
  );
  const two = parseSource(
    'two.ts',
    'export interface Stage {} export function b() {} export const work = 1; export enum Box {} const a = 1;',
  );
  const passing = parseSource(
    'three.ts',
    "export { Stage } from './one.ts'; export { work } from './one.ts';",
  );
  expect(Object.keys(exportedTwice([one, two, passing])).sort()).toEqual(['Box', 'Stage', 'b', 'work']);
});
