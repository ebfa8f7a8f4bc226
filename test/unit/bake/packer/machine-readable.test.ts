import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { encodeField, parseRow, RowReader } from '../../../../src/bake/packer/machine-readable.ts';

/**
 * Packer escapes neither a backslash nor text that looks like its escaped comma: such data cannot be distinguished from
 * an escape.
 */
const data = fc
  .string({ unit: 'binary' })
  .filter((text) => !/\\[nr]|%!\(PACKER_COMMA\)/.test(text) && !text.endsWith('\\'));
const fields = fc.array(data, { minLength: 1, maxLength: 4 });
const rowOf = (target: string, type: string, texts: readonly string[]) =>
  ['1795391388', target, type, ...texts.map(encodeField)].join(',');

describe('a row of packer -machine-readable', () => {
  test('is read with its time, target, type and data', () => {
    expect(parseRow('1795391388,ingot.qemu.master,artifact,0,id,VM')).toEqual({
      seconds: 1795391388,
      target: 'ingot.qemu.master',
      type: 'artifact',
      data: ['0', 'id', 'VM'],
    });
  });

  test('has its commas and line ends decoded', () => {
    expect(parseRow('1,,ui,say,a%!(PACKER_COMMA) b\\nc\\rd')?.data).toEqual(['say', 'a, b\nc\rd']);
  });

  test('may have no data', () => {
    expect(parseRow('1,,error-count')?.data).toEqual([]);
    expect(parseRow('1,,ui,message,')?.data).toEqual(['message', '']);
  });

  test('round-trips whatever its data contain', () => {
    fc.assert(
      fc.property(fields, (texts) => {
        expect(parseRow(rowOf('t', 'ui', texts))?.data).toEqual(texts);
      }),
    );
  });
});

describe('the stream of rows', () => {
  test('is the same whatever pieces it arrives in', () => {
    const streams = fc.array(fields, { maxLength: 5 });
    fc.assert(
      fc.property(streams, fc.array(fc.nat(), { maxLength: 8 }), (rows, cuts) => {
        const text = rows.map((texts) => `${rowOf('', 'ui', texts)}\n`).join('');
        const at = [0, ...cuts.map((cut) => cut % (text.length + 1)).sort((a, b) => a - b), text.length];
        const reader = new RowReader();
        const read = at.slice(1).flatMap((to, index) => reader.push(text.slice(at[index], to)));
        expect(read.map((row) => row.data)).toEqual(rows);
      }),
    );
  });

  test('drops what is not a row and never throws', () => {
    expect(new RowReader().push('panic: oh\n\n,,,\n1,,ui,say,still here\n')).toHaveLength(1);
    fc.assert(
      fc.property(fc.array(fc.string({ unit: 'binary' })), (chunks) => {
        const reader = new RowReader();
        for (const chunk of chunks) reader.push(chunk);
      }),
    );
  });
});
