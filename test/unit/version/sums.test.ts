import fc from 'fast-check';
import { expect, test } from 'vitest';
import { parseSums, sumsText } from '../../../src/version/sums.ts';

const hex = fc.stringMatching(/^[0-9a-f]{64}$/);
const path = fc.stringMatching(/^[a-zA-Z0-9._/é-]{1,30}$/);

test('a list is read back as it was written, sorted by the bytes of the paths', () => {
  fc.assert(
    fc.property(fc.dictionary(path, hex), (files) => {
      const text = sumsText(new Map(Object.entries(files)));
      expect(parseSums(text)).toEqual(new Map(Object.entries(files)));
      const paths = text
        .split('\n')
        .slice(0, -1)
        .map((line) => Buffer.from(line.slice(66)));
      expect(paths).toEqual([...paths].sort((a, b) => Buffer.compare(a, b)));
    }),
  );
});

const [a, b] = ['a'.repeat(64), 'b'.repeat(64)];
test.each([
  ['an unsorted list', `${a}  y\n${b}  x\n`],
  ['a path that appears twice', `${a}  x\n${b}  x\n`],
  ['a list without the end of its last line', `${a}  x`],
  ['a short digest', `${a.slice(1)}  x\n`],
  ['an empty line', `\n${a}  x\n`],
])('%s is refused', (_, text) => {
  expect(parseSums(text)).toBeUndefined();
});
