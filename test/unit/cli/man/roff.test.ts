import fc from 'fast-check';
import { expect, test } from 'vitest';
import { macro, roffText } from '../../../../src/cli/man/roff.ts';

test('no text becomes a request, an escape or a second argument of roff', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme' }), (text) => {
      const escaped = roffText(text);
      expect(escaped).toMatch(/^[\t\n\x20-\x7e]*$/);
      for (const line of escaped.split('\n')) expect(line).not.toMatch(/^[.']/);
      // Each backslash begins one of the escapes that roffText writes.
      expect(escaped.replace(/\\(?:e|-|&|\((?:aq|dq|ga|ha|ti)|\[u[0-9A-F]{4,6}\])/g, '')).not.toContain('\\');
      expect(macro('SS', text).match(/"/g)).toHaveLength(2);
    }),
  );
});

test('letters outside of ASCII, dots at the start of a line and backslashes are shown as they are', () => {
  expect(roffText('.é\n\\n')).toBe('\\&.\\[u00E9]\n\\en');
});
