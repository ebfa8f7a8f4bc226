import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { bufferSource, firstDifference, hexLine } from '../../../../src/diff/compare/first-difference.ts';

const bytes = fc.uint8Array({ maxLength: 80 }).map((array) => Buffer.from(array));

describe('the first difference of two contents', () => {
  it('does not exist for the same content', async () => {
    await fc.assert(
      fc.asyncProperty(bytes, async (content) => {
        expect(
          await firstDifference(bufferSource(content), bufferSource(Buffer.from(content))),
        ).toBeUndefined();
      }),
    );
  });

  it('is the first byte that differs or that one side lacks, whatever follows', async () => {
    await fc.assert(
      fc.asyncProperty(bytes, bytes, bytes, async (common, left, right) => {
        fc.pre(left[0] !== right[0]);
        const found = await firstDifference(
          bufferSource(Buffer.concat([common, left])),
          bufferSource(Buffer.concat([common, right])),
        );
        expect(found?.offset).toBe(common.length);
      }),
    );
  });

  it.each([(1 << 20) - 1, 1 << 20, (1 << 20) + 1])(
    'is found across the limits of read blocks, at byte %i',
    async (at) => {
      const stored = Buffer.alloc((1 << 20) + 20);
      const made = Buffer.from(stored);
      made[at] = 1;
      expect((await firstDifference(bufferSource(stored), bufferSource(made)))?.offset).toBe(at);
      expect(
        (await firstDifference(bufferSource(stored.subarray(0, at)), bufferSource(stored)))?.offset,
      ).toBe(at);
    },
  );

  it('is shown with sixteen bytes of each side', async () => {
    const found = await firstDifference(
      bufferSource(Buffer.from('0123456789abcdefABC')),
      bufferSource(Buffer.from('0123456789abcdef')),
    );
    expect(found).toEqual({
      offset: 16,
      stored: `00000010  41 42 43${' '.repeat(39)}  |ABC|`,
      made: '00000010  (ends here)',
    });
  });

  it('shows no control characters to a terminal', () => {
    expect(hexLine(0, Buffer.from('\u001b[2Jé'))).toMatch(/\|\.\[2J\.\.\|$/);
  });
});
