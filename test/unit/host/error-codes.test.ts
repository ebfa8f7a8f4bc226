import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { errorCodes } from '../../../src/host/error-codes.ts';

const root = new URL('../../../', import.meta.url);
const read = (path: string) => readFileSync(new URL(path, root), 'utf8');
const sources = ['src', 'bench'].flatMap((folder) =>
  readdirSync(new URL(folder, root), { recursive: true, encoding: 'utf8' })
    .filter((path) => path.endsWith('.ts'))
    .map((path) => `${folder}/${path}`),
);
const known = Object.keys(errorCodes);

/** Matching lines of sources, with their places. */
const linesLike = (pattern: RegExp) =>
  sources.flatMap((path) =>
    read(path)
      .split('\n')
      .flatMap((line, index) => (pattern.test(line) ? [`${path}:${index + 1}: ${line.trim()}`] : [])),
  );

describe('Error codes', () => {
  test('are in docs/errors.md, each with its exit status and its meaning, in order', () => {
    const rows = [...read('docs/errors.md').matchAll(/^\| `([a-z-]+)` *\| (\d+) *\| (.*?) *\|$/gm)];
    expect(rows.map(([, code, exit, means]) => ({ code, exit, means }))).toEqual(
      Object.entries(errorCodes).map(([code, { exit, means }]) => ({ code, exit: String(exit), means })),
    );
  });

  test('are words that a script can compare', () => {
    expect(known.filter((code) => !/^[a-z]+(-[a-z]+)*$/.test(code))).toEqual([]);
  });
});

describe('Docstrings', () => {
  const wrongCode = (line: string) => {
    const [, codes] = /@throws IngotError (?!with the code of)(\S+(?: or [a-z]+-[a-z-]+)?)/.exec(line) ?? [];
    return codes === undefined
      ? !line.includes('@throws IngotError with the code of')
      : !codes.split(' or ').every((code) => known.includes(code.replace(/[,;:.]$/, '')));
  };

  test('name a code of the table after @throws IngotError', () => {
    const tags = linesLike(/@throws IngotError/);
    expect(tags.length).toBeGreaterThan(100);
    expect(tags.filter(wrongCode)).toEqual([]);
    expect(wrongCode('@throws IngotError when it rains')).toBe(true);
    expect(wrongCode('@throws IngotError no-such-code when it rains')).toBe(true);
  });

  test('use no other form for what is thrown', () => {
    expect(linesLike(/(?:^|[^@\w])[Tt]hrows (?:an |one )?IngotError/)).toEqual([]);
  });
});
