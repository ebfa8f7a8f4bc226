import { describe, expect, it } from 'vitest';
import { smallText, textDiff } from '../../../../src/diff/compare/text-diff.ts';

describe('the difference of two texts', () => {
  it('is unified, with the path on both sides', () => {
    expect(textDiff('/etc/x', Buffer.from('a\nb\n'), Buffer.from('a\nc\n'))).toBe(
      '--- stored/etc/x\n+++ made/etc/x\n@@ -1,2 +1,2 @@\n a\n-b\n+c',
    );
  });

  it('is not shown for bytes that are not text, or for large ones', () => {
    expect(textDiff('/x', Buffer.from('a\0'), Buffer.from('b'))).toBeUndefined();
    expect(textDiff('/x', Buffer.from([0xff]), Buffer.from('b'))).toBeUndefined();
    expect(smallText(Buffer.alloc((1 << 20) + 1, 'a'))).toBeUndefined();
    expect(smallText(Buffer.from('é'))).toBe('é');
  });

  it('is cut after eighty lines, and this is shown', () => {
    const text = (word: string) =>
      Buffer.from(Array.from({ length: 200 }, (_, i) => `${word} ${i}\n`).join(''));
    const lines = textDiff('/x', text('a'), text('b'))?.split('\n') ?? [];
    expect(lines).toHaveLength(81);
    expect(lines.at(-1)).toBe('(and 323 lines more)');
  });
});
