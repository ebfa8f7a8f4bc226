import { stripVTControlCharacters } from 'node:util';
import fc from 'fast-check';
import stringWidth from 'string-width';
import { describe, expect, test } from 'vitest';
import { bakeOutline } from '../../../../src/cli/progress/bake-outline.ts';
import { Board } from '../../../../src/cli/progress/board.ts';
import { boardLines } from '../../../../src/cli/progress/board-lines.ts';
import { rootStage } from '../../../../src/cli/progress/stage.ts';
import { expectedSeconds, withRun } from '../../../../src/cli/progress/stage-history.ts';
import { terminalStyle } from '../../../../src/cli/progress/terminal-style.ts';
import { decided, earlierRun, playBake, type Playing } from '../../../samples/played-bake.ts';

type Moment = Parameters<Playing['at']>[0];
const history = withRun({}, earlierRun);
const utf8 = { LANG: 'C.UTF-8' };

/** The picture at a moment of a played bake. */
async function picture(moment: Moment, size: { columns: number; rows: number }, env = utf8, known = history) {
  let now = 1_700_000_000_000;
  let lines: string[] = [];
  const board = new Board();
  const view = Object.assign(board, { open: () => Promise.resolve(), close: () => undefined });
  board.outlines(bakeOutline(known, [], true));
  const expected = (path: readonly string[]) => expectedSeconds(known, path);
  await playBake(rootStage({ view, now: () => now, expected }), {
    watch: {
      logs: () => undefined,
      decided: (stages) => {
        board.outlines(bakeOutline(known, stages, true));
      },
    },
    pass: (seconds) => {
      now += seconds * 1000;
    },
    at: (here) => {
      if (here === moment) lines = boardLines(board, { ...size, now, tick: 0, style: terminalStyle(env) });
      return Promise.resolve();
    },
  });
  return lines;
}
const plain = async (...args: Parameters<typeof picture>) =>
  (await picture(...args)).map(stripVTControlCharacters);

describe('the board of a bake', () => {
  test('shows an overall bar, cache hits, what took how long and how long the rest takes', async () => {
    const lines = await plain('bake', { columns: 100, rows: 30 });
    expect(lines[0]).toMatch(/^\[█+░+\] \d+ % {2}1 min 32 s, about \d min \d\d s left$/);
    expect(lines[1]).toBe('cache: 3 of 13 stages');
    expect(lines.slice(2, 9).map((line) => line.replace(/ {2,}/, '  '))).toEqual([
      '✓ lock  1.0 s',
      '✓ cache  0.5 s',
      '✓ compose  1 min 07 s',
      '⠋ bake  23 s of 51 s',
      '· seal  about 27 s',
      '· verify  about 5 min 08 s',
      '· publish  about 4 s',
    ]);
  });

  test('shows both roles side by side, each with its parts, its times and its current line', async () => {
    const lines = await plain('bake', { columns: 100, rows: 30 });
    const roles = lines
      .slice(-5)
      .map((line) => line.split('│').map((cell) => cell.trim().replace(/ {2,}/, '  ')));
    expect(roles).toEqual([
      ['master', 'slave'],
      ['⠋ bake  23 s of 50 s', '⠋ bake  23 s of 51 s'],
      ['⠋ boot  23 s of 22 s', '✓ boot  21.0 s'],
      ['ingot: the build guest listens', '⠋ 30-units  2 s of 6 s'],
      ['', expect.stringMatching(/^Created symlink .*…$/)],
    ]);
  });

  test('shows the roles one under the other on 40 columns, and still the bar', async () => {
    const lines = await plain('verify', { columns: 40, rows: 30 });
    expect(lines[0]).toMatch(/^\[█+░+\] \d+ % {2}5:00 of \d:\d\d$/);
    expect(lines.indexOf('slave')).toBeGreaterThan(lines.indexOf('master'));
    expect(lines.join('\n')).not.toContain('│');
  });

  test('leaves out what matters least on a low terminal: the bar and both roles stay', async () => {
    const lines = await plain('bake', { columns: 80, rows: 8 });
    expect(lines.length).toBeLessThan(8);
    expect(lines[0]).toContain('%');
    expect(lines.join('\n')).toMatch(/^master .*slave$/m);
    expect(lines.join('\n')).not.toContain('publish');
  });

  test('has only ASCII where the locale is not UTF-8, also in lines of a guest', async () => {
    for (const env of [{ LANG: 'C' }, {}, { LANG: 'de_DE.UTF-8', LC_ALL: 'C' }, { ...utf8, TERM: 'linux' }])
      for (const moment of ['compose', 'bake', 'verify'] as const) {
        const text = (await plain(moment, { columns: 80, rows: 30 }, env as typeof utf8)).join('\n');
        expect(text).toMatch(/^[\x20-\x7e\n]+$/);
      }
  });

  test('has no colours with NO_COLOR, and some without', async () => {
    const env = { ...utf8, NO_COLOR: '1' };
    expect((await picture('bake', { columns: 80, rows: 30 }, env)).join('')).not.toContain('\x1b');
    expect((await picture('bake', { columns: 80, rows: 30 })).join('')).toContain('\x1b[');
  });

  test('the first bake on a host promises no times: it counts stages', async () => {
    const lines = await plain('bake', { columns: 100, rows: 30 }, utf8, {});
    expect(lines[0]).toMatch(/\] 3 of 7 {2}1 min 32 s$/);
    expect(lines.join('\n')).not.toContain('about');
  });

  test('is full at the end, and says what failed', async () => {
    expect((await plain('end', { columns: 100, rows: 30 }))[0]).toMatch(/^\[█+\] 100 % {2}6 min 33 s$/);
    const board = new Board();
    const node = { title: 'bake', parent: undefined, begunAt: 0 };
    board.begins(node);
    board.ends(node, 'failed', 3);
    const frame = { columns: 60, rows: 20, now: 0, tick: 0, style: terminalStyle(utf8) };
    expect(stripVTControlCharacters(boardLines(board, frame).join('\n'))).toMatch(/✗ bake .*failed 3\.0 s/);
  });

  test('stages that come from the cache are shown as such, and not waited for', () => {
    const cached = decided.map((one) => ({ ...one, runs: one.name === 'verification' }));
    const board = new Board();
    board.outlines(bakeOutline(history, cached, true));
    const frame = { columns: 60, rows: 20, now: 0, tick: 0, style: terminalStyle(utf8) };
    const text = stripVTControlCharacters(boardLines(board, frame).join('\n'));
    expect(text).toMatch(/✓ compose +from the cache/);
    expect(text).toContain('cache: 11 of 13 stages');
  });

  test('never exceeds the terminal, whatever its size and its locale', async () => {
    const size = fc.record({
      columns: fc.integer({ min: 1, max: 200 }),
      rows: fc.integer({ min: 1, max: 50 }),
    });
    const moment = fc.constantFrom<Moment>('compose', 'bake', 'verify', 'end');
    const env = fc.constantFrom(utf8, { LANG: 'C' });
    await fc.assert(
      fc.asyncProperty(size, moment, env, async (given, when, locale) => {
        const lines = await picture(when, given, locale);
        expect(lines.length).toBeLessThanOrEqual(Math.max(1, given.rows - 1));
        for (const line of lines)
          expect(stringWidth(line)).toBeLessThanOrEqual(Math.max(1, given.columns - 1));
      }),
      { numRuns: 60, examples: [[{ columns: 128, rows: 6 }, 'verify', utf8]] },
    );
  });
});
