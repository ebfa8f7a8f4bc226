import { spawnSync } from 'node:child_process';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { commandText, rerunCommand } from '../../../src/host/command-text.ts';
import { anyText } from '../../samples/hostile.ts';

/** The words that the real sh reads from a text. */
function sh(text: string): string {
  return spawnSync('sh', { input: `${text}\n`, encoding: 'utf8' }).stdout;
}

// An argument cannot contain a NUL, and an unpaired surrogate is not text.
const word = anyText.filter((text) => !text.includes('\0') && text.isWellFormed());

describe('a command that is shown', () => {
  test('is read by the real sh as the same words, whatever they contain', () => {
    fc.assert(
      fc.property(fc.array(word, { maxLength: 5 }), (words) => {
        const printed = sh(commandText('printf', ['%s\\0', ...words, 'end']));
        expect(printed).toBe([...words, 'end', ''].join('\0'));
      }),
      { numRuns: 150 },
    );
  });

  test('has quotes only where they are needed', () => {
    expect(commandText('qemu-img', ['create', '-o', 'size=4G,a=b', '/a path/x'])).toBe(
      "qemu-img create -o size=4G,a=b '/a path/x'",
    );
    expect(commandText('a=b', [])).toBe("'a=b'");
  });

  test('includes its folder and its variables', () => {
    const again = rerunCommand('sh', ['-c', 'printf %s "$PWD $X"'], { cwd: '/', env: { X: "it's" } });
    expect(again).toBe(`cd / && X='it'\\''s' sh -c 'printf %s "$PWD $X"'`);
    expect(sh(again)).toBe("/ it's");
  });
});
