import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { encodeField } from '../../../../src/bake/packer/machine-readable.ts';
import { makeRedact } from '../../../../src/bake/packer/redact.ts';

const secret = fc
  .string({ unit: 'grapheme', minLength: 1 })
  .filter((text) => text.trim() !== '' && !text.includes('*'));

describe('redaction', () => {
  test('hides a secret in every line that contains it', () => {
    const redact = makeRedact(['hunter22']);
    expect(redact('password=hunter22, again hunter22')).toBe('password=***, again ***');
  });

  test('hides a secret as Packer writes it in a row', () => {
    expect(makeRedact(['a,b\nc'])('1,,ui,say,a%!(PACKER_COMMA)b\\nc')).toBe('1,,ui,say,***');
  });

  test('hides a secret as it appears in JSON', () => {
    expect(makeRedact(['say "hi"'])('{"x":"say \\"hi\\""}')).toBe('{"x":"***"}');
  });

  test('hides a key of many lines that is printed line by line', () => {
    const redact = makeRedact(['-----BEGIN KEY-----\nAAAAbbbbCCCCdddd\n-----END KEY-----\n']);
    expect(redact('  AAAAbbbbCCCCdddd')).toBe('  ***');
  });

  test('hides overlapping secrets as a whole', () => {
    expect(makeRedact(['abc', 'bcd'])('xabcdx')).toBe('x***x');
  });

  test('changes nothing without secrets, or with empty ones', () => {
    expect(makeRedact(['', ' '])('a line')).toBe('a line');
  });

  test('never leaves a secret, in clear text or in a row', () => {
    fc.assert(
      fc.property(
        fc.array(secret, { minLength: 1 }),
        fc.array(fc.string({ unit: 'grapheme' })),
        (secrets, parts) => {
          const text = parts.flatMap((part, index) => [part, secrets[index % secrets.length]]).join('');
          const redact = makeRedact(secrets);
          for (const one of secrets) {
            expect(redact(text)).not.toContain(one);
            expect(redact(encodeField(text))).not.toContain(encodeField(one));
          }
        },
      ),
    );
  });
});
