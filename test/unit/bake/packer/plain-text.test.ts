import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { plainLines } from '../../../../src/host/plain-text.ts';

describe('the plain lines of a console', () => {
  test('have no colours, titles or other escape sequences', () => {
    expect(plainLines('[\x1b[0;32m  OK  \x1b[0m] Started \x1b]0;title\x07cron.\x1b(B\r\n')).toEqual([
      '[  OK  ] Started cron.',
    ]);
  });

  test('begin again where the cursor is moved, as in boot menus', () => {
    expect(plainLines('\x1b[2J\x1b[01;01HGNU GRUB\x1b[05;03Hingot')).toEqual(['GNU GRUB', 'ingot']);
  });

  test('show only the last text of an overwritten line', () => {
    expect(plainLines('10%\r50%\r100%\r\n')).toEqual(['100%']);
  });

  test('omit empty lines and spaces at the end', () => {
    expect(plainLines('a  \n\n \r\n\tb\n')).toEqual(['a', '  b']);
  });

  test('contain no control character, whatever the guest prints', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        for (const line of plainLines(`\x1b[${text}\x1b]${text}\r${text}`))
          expect(line).toMatch(/^[^\p{Cc}]+$/u);
      }),
    );
  });
});
