import { parse } from '@cdktn/hcl2json';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { quoteHcl, quotePacker } from '../../../src/render/quote-hcl.ts';
import { anyNfcText, hostileTexts } from '../../samples/hostile.ts';

// hcl2json returns text in Terraform's JSON syntax, where a literal ${ is still doubled.
async function readBack(expression: string): Promise<unknown> {
  const { value } = (await parse('test.hcl', `value = ${expression}\n`)) as { value: unknown };
  return JSON.parse(JSON.stringify(value).replace(/([$%])\1\{/g, '$1{'));
}

describe('a value in HCL', () => {
  test.each(hostileTexts)('is read back as the same text: %j', async (text) => {
    expect(await readBack(quoteHcl(text))).toBe(text);
  });

  test('is read back as the same text, whatever it contains', async () => {
    await fc.assert(
      fc.asyncProperty(anyNfcText, async (text) => {
        expect(await readBack(quoteHcl(text))).toBe(text);
      }),
    );
  });

  test('never begins an interpolation or a directive', () => {
    fc.assert(
      fc.property(anyNfcText, (text) => {
        expect(quoteHcl(text)).not.toMatch(/(?<!\$)\$\{|(?<!%)%\{/);
      }),
    );
  });

  test('may be a number, a boolean, null or a list', async () => {
    expect(await readBack(quoteHcl(['a', 1, -2.5, true, null, ['b']]))).toEqual([
      'a',
      1,
      -2.5,
      true,
      null,
      ['b'],
    ]);
  });

  test('is refused if HCL would change it: text that is not in NFC', () => {
    expect(() => quoteHcl('e\u0301')).toThrow('NFC');
  });

  test.each([[{ a: 1 }], [NaN], [1e21], ['\ud800'], [undefined]])(
    'is refused if HCL has no form for it: %j',
    (value) => {
      expect(() => quoteHcl(value)).toThrow();
    },
  );

  test('is refused if Packer would read a Go template in it', () => {
    expect(quotePacker(['a{b', 2])).toBe('["a{b", 2]');
    expect(() => quotePacker(['a{{ .X }}'])).toThrow('template of its own');
  });
});
