import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { knownSuites } from '../../../src/inputs/known-suites.ts';
import { matrix, matrixTable } from '../../matrix/rows.ts';

const project = join(import.meta.dirname, '../../..');
const page = readFileSync(join(project, 'docs/matrix.md'), 'utf8');
const words = (text: string): string[] =>
  text
    .split('\n')
    .filter((line) => line.startsWith('|') && !/^[|\s-]+$/.test(line))
    .map((line) => line.replace(/ +/g, ' '));

test('the page has exactly the rows of the matrix', () => {
  expect(words(page)).toEqual(words(matrixTable(matrix)));
});

test('each combination that was seen names a test that exists, and each other one a reason', () => {
  for (const { seen, by, base } of matrix) {
    expect(existsSync(join(project, by)), `${base}: ${by}`).toBe(seen !== 'not supported');
    expect(by.length).toBeGreaterThan(10);
  }
});

test('every suite of images/ is in the matrix', async () => {
  const releases: Record<string, string> = { bookworm: 'Debian 12', trixie: 'Debian 13' };
  for (const suite of await knownSuites(join(project, 'images')))
    expect(matrix.map(({ base }) => base)).toContain(releases[suite]);
});
