import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { textWidth, wrappedText } from '../../../../src/cli/shared/wrapped-text.ts';

test('text is broken between words, and lines after the first are indented', () => {
  expect(wrappedText('the clock of this host is five minutes behind', 20, '  ')).toBe(
    'the clock of this\n  host is five\n  minutes behind',
  );
});

test('a word that is longer than a line is not cut, so that a path can be copied', () => {
  expect(wrappedText('see /var/lib/ingot/state/long/path now', 12)).toBe(
    'see\n/var/lib/ingot/state/long/path\nnow',
  );
});

test('no word is lost, and no line with two words is too long, at any width', () => {
  fc.assert(
    fc.property(
      fc.array(fc.stringMatching(/^[a-z/]{1,30}$/), { minLength: 1 }),
      fc.integer({ min: 24, max: 200 }),
      (words, width) => {
        const lines = wrappedText(words.join(' '), width, '    ').split('\n');
        expect(lines.flatMap((line) => line.trim().split(' '))).toEqual(words);
        for (const line of lines) expect(line.length <= width || !line.trim().includes(' ')).toBe(true);
      },
    ),
  );
});

test('the width is that of the terminal, and a log gets whole lines', () => {
  expect(textWidth({ isTTY: true, columns: 40 })).toBe(40);
  expect(textWidth({ isTTY: true, columns: 0 })).toBe(Number.POSITIVE_INFINITY);
  expect(textWidth({ columns: 40 })).toBe(Number.POSITIVE_INFINITY);
});
