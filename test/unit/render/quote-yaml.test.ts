import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { quoteYaml } from '../../../src/render/quote-yaml.ts';
import { anyText, hostileTexts } from '../../samples/hostile.ts';

const versions = ['1.1', '1.2'] as const;

describe('a value in YAML', () => {
  test.each(hostileTexts)('is read back as the same text: %j', (text) => {
    for (const version of versions)
      expect(parse(`key: ${quoteYaml(text)}\n`, { version })).toEqual({ key: text });
  });

  test('is read back as the same text, whatever it contains, in lists and maps and as a key', () => {
    fc.assert(
      fc.property(anyText, fc.array(anyText), anyText, (text, list, key) => {
        fc.pre(key.length <= 200 && key !== '__proto__' && key !== '<<');
        const value = { [key]: text, list: [text, ...list] };
        for (const version of versions)
          expect(parse(`at: ${quoteYaml(value)}\n`, { version })).toEqual({ at: value });
      }),
    );
  });

  test('is always on one line', () => {
    fc.assert(
      fc.property(anyText, (text) => {
        expect(quoteYaml([text])).not.toMatch(/[\n\r\u0085\u2028\u2029]/);
      }),
    );
  });

  test('may be a number, a boolean or null', () => {
    expect(parse(quoteYaml([1, -0.5, true, null]), { version: '1.1' })).toEqual([1, -0.5, true, null]);
  });

  test.each([[1e21], [Infinity], ['\udc00'], [undefined], [{ ['k'.repeat(201)]: 1 }]])(
    'is refused if YAML 1.1 would read something else: %j',
    (value) => {
      expect(() => quoteYaml(value)).toThrow();
    },
  );
});
