import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { quoteGrub } from '../../../src/render/quote-grub.ts';
import { quoteJson } from '../../../src/render/quote-json.ts';
import { quoteLine } from '../../../src/render/quote-line.ts';
import { quoteSh } from '../../../src/render/quote-sh.ts';
import { quoteWords } from '../../../src/render/quote-words.ts';
import { anyText } from '../../samples/hostile.ts';

describe('a shell word', () => {
  test('is in single quotes, with its own quotes escaped', () => {
    expect(quoteSh("it's")).toBe(`'it'\\''s'`);
    expect(quoteSh(['a b', 1])).toBe("'a b' '1'");
  });

  test('cannot contain a NUL', () => {
    expect(() => quoteSh('a\0b')).toThrow('NUL');
  });
});

describe('a word of grub.cfg', () => {
  test('is unchanged, in single quotes if GRUB would interpret it', () => {
    expect(quoteGrub(['console=ttyS0,115200n8', 'a=$b;{c}', 3])).toBe("console=ttyS0,115200n8 'a=$b;{c}' 3");
  });

  test.each(['', 'a b', 'a"b', "a'b", 'a\\b', 'a\nb', 'é'])(
    'is refused if GRUB would change it: %j',
    (text) => {
      expect(() => quoteGrub(text)).toThrow('GRUB');
    },
  );
});

describe('an entry of a file of lines', () => {
  test.each(['', ' a', 'a ', 'a\nb', 'a\u0000', 'a\u2028b', 'a\tb'])(
    'is refused if it is not a single plain line: %j',
    (text) => {
      expect(() => quoteLine(text)).toThrow('line');
    },
  );

  test('is unchanged', () => {
    expect(quoteLine('getty@tty1.service')).toBe('getty@tty1.service');
  });

  test('is never more than one line', () => {
    fc.assert(
      fc.property(anyText, (text) => {
        let line = '';
        try {
          line = quoteLine(text);
        } catch {
          return;
        }
        expect(line).toBe(text);
        expect(line.split(/[\n\r]/)).toHaveLength(1);
      }),
    );
  });
});

describe('a value in JSON', () => {
  test('is read back', () => {
    fc.assert(
      fc.property(fc.jsonValue({ noUnicodeString: false }), (value) => {
        expect(JSON.parse(quoteJson(value))).toEqual(JSON.parse(JSON.stringify(value)));
      }),
    );
  });

  test.each([[NaN], [undefined]])('is refused if JSON has no form for it: %j', (value) => {
    expect(() => quoteJson(value)).toThrow('JSON');
  });
});

describe('plain words', () => {
  test('are unchanged, separated by blanks', () => {
    expect(quoteWords(['console=ttyS0,115200n8', 'a.b=/c:d@e%f+g-h', 3])).toBe(
      'console=ttyS0,115200n8 a.b=/c:d@e%f+g-h 3',
    );
  });

  test.each(['', 'a b', 'a"b', "a'b", 'a\\b', 'a;b', '$a', '${a}', 'a&b', 'a|b', '#a', 'a\nb', 'é', '*'])(
    'are refused if GRUB, iPXE or a shell could interpret them: %j',
    (text) => {
      expect(() => quoteWords([text])).toThrow('plain word');
    },
  );
});
