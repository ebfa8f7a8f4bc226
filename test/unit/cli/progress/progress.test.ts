import { Writable } from 'node:stream';
import { stripVTControlCharacters } from 'node:util';
import { describe, expect, test, vi } from 'vitest';
import { withProgress } from '../../../../src/cli/progress/progress.ts';
import type { Stage } from '../../../../src/cli/progress/stage.ts';

/** A stream that claims to be a terminal with this number of columns, or not a terminal, and keeps its output. */
function stream(columns: number | undefined) {
  const written: string[] = [];
  const writable = new Writable({
    write: (chunk: Buffer, _, done) => {
      written.push(chunk.toString());
      done();
    },
  });
  const terminal = Object.assign(writable, { isTTY: columns !== undefined, columns, rows: 40 });
  return { stream: terminal as unknown as NodeJS.WriteStream, text: () => written.join('') };
}

/** The same calls for every view. */
async function someWork(progress: Stage): Promise<void> {
  await progress.stage('Compose', (compose) =>
    Promise.all(
      ['master', 'slave'].map((role) =>
        compose.stage(role, (stage) => {
          stage.note(`unpacking \x1b[31m${role}\x1b[0m`);
          return Promise.resolve();
        }),
      ),
    ),
  );
  await progress.stage('Bake', (bake) =>
    Promise.allSettled([bake.stage('30-units', () => Promise.reject(new Error('no')))]),
  );
}

describe('progress', () => {
  test('on a terminal is a tree: the current last line, finished stages with their time, failures with their stage', async () => {
    vi.stubEnv('TERM', 'xterm');
    const { stream: terminal, text } = stream(100);
    let now = 0;
    await withProgress({ stream: terminal, now: () => (now += 100) }, someWork);
    const shown = stripVTControlCharacters(text());
    expect(shown).toContain('unpacking master');
    const end = shown.slice(shown.lastIndexOf('✔ Compose'));
    expect(end).toMatch(/^✔ Compose {2}0\.5 s\n. Bake {2}0\.3 s\n {2}✖ 30-units {2}0\.1 s\n/);
    expect(text()).toMatch(/\x1b\[\?25h$/);
    vi.unstubAllEnvs();
  });

  test('on a terminal shows how long a stage has been running', async () => {
    vi.stubEnv('TERM', 'xterm');
    vi.useFakeTimers();
    const { stream: terminal, text } = stream(100);
    await withProgress({ stream: terminal, now: () => Date.now() }, (progress) =>
      progress.stage('Boot', async (boot) => {
        await vi.advanceTimersByTimeAsync(12_000);
        boot.note('still here');
      }),
    );
    expect(stripVTControlCharacters(text())).toMatch(/Boot {2}12 s\n.*still here/);
    vi.useRealTimers();
    vi.unstubAllEnvs();
  });

  test.each([
    ['a pipe', undefined, 'xterm'],
    ['a terminal without columns', 0, 'xterm'],
    ['a dumb terminal', 80, 'dumb'],
  ])('on %s is lines without any control character', async (_, columns, term) => {
    vi.stubEnv('TERM', term);
    const { stream: pipe, text } = stream(columns);
    await withProgress({ stream: pipe, now: () => 0 }, someWork);
    expect(text()).toContain('Compose  master  0.0 s\n');
    expect(text()).toContain('Bake  30-units  failed  0.0 s\n');
    expect(text()).toMatch(/^[^\p{Cc}]*(\n[^\p{Cc}]*)*$/u);
    vi.unstubAllEnvs();
  });

  test('is nothing when quiet', async () => {
    const { stream: terminal, text } = stream(100);
    await withProgress({ stream: terminal, quiet: true, now: () => 0 }, someWork);
    expect(text()).toBe('');
  });

  test('rethrows the error of the work and leaves the terminal as it was', async () => {
    vi.stubEnv('TERM', 'xterm');
    const { stream: terminal, text } = stream(100);
    const failing = withProgress({ stream: terminal, now: () => 0 }, () => Promise.reject(new Error('no')));
    await expect(failing).rejects.toThrow('no');
    expect(text()).toMatch(/\x1b\[\?25h$/);
    vi.unstubAllEnvs();
  });
});
