import { describe, expect, test } from 'vitest';
import { expectedError } from '../../../src/cli/expected-error.ts';
import { bugText, errorText } from '../../../src/cli/show-error.ts';
import { type ErrorCode, IngotError } from '../../../src/host/ingot-error.ts';

const never = new AbortController().signal;

const systemError = (code: string) =>
  Object.assign(new Error(`${code}: write '/out/disk'`), { code, syscall: 'write' });

describe('an error', () => {
  test('shows what happened, the lines that show it, what to do next, and its code', () => {
    const error = new IngotError({
      code: 'command-failed',
      message: 'mksquashfs ended with exit status 1',
      excerpt: ['line one', 'x'.repeat(500)],
      hint: 'first\nsecond',
    });
    expect(errorText(error, false)).toBe(
      `ingot: mksquashfs ended with exit status 1\n  line one\n  ${'x'.repeat(200)} …\n  → first\n  → second\n  code: command-failed\n`,
    );
    expect(errorText(error, true)).toContain('\x1b[31mingot:\x1b[39m');
  });

  test.each([
    ['wrong-spec', 2],
    ['no-image', 2],
    ['missing-program', 2],
    ['no-space', 1],
    ['command-failed', 1],
    ['step-failed', 1],
    ['node-failed', 1],
    ['interrupted', 130],
  ] satisfies [ErrorCode, number][])('of the kind %s ends ingot with %d', (code, exitCode) => {
    expect(new IngotError({ code, message: 'x' }).exitCode).toBe(exitCode);
  });

  test('that is unexpected is shown as a bug of ingot, with its stack', () => {
    expect(expectedError(new TypeError('x'), never)).toBe(undefined);
    expect(expectedError(systemError('ENOENT'), never)).toBe(undefined);
    expect(bugText(new TypeError('x is undefined'))).toMatch(
      /a bug in ingot[\s\S]*TypeError: x is undefined\n +at /,
    );
    expect(bugText('text')).toContain('text');
  });

  test('of the system about space or permissions is explained, not shown as a bug', () => {
    expect(expectedError(systemError('ENOSPC'), never)).toMatchObject({
      code: 'no-space',
      message: "ENOSPC: write '/out/disk'",
    });
    expect(expectedError(systemError('EROFS'), never)?.hint).toContain('does not allow');
  });

  test('that Node throws after Ctrl-C is shown as the interruption', () => {
    const reason = new IngotError({ code: 'interrupted', message: 'interrupted by SIGINT' });
    const aborted = AbortSignal.abort(reason);
    expect(expectedError(new DOMException('aborted', 'AbortError'), aborted)).toBe(reason);
    const first = new IngotError({ code: 'node-failed', message: 'x' });
    expect(expectedError(first, aborted)).toBe(first);
  });
});
