import { execFileSync, spawnSync } from 'node:child_process';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, onTestFinished, test, vi } from 'vitest';
import { temporaryFolder } from '../../samples/temporary.ts';
import { bundle, project } from '../built-ingot.ts';

// In the project, because the packages of node_modules are found from there.
const player = join(project, '.make', `player-${process.pid}`);
beforeAll(() => bundle('test/samples/play-bake.ts', player));
afterAll(() => rm(player, { recursive: true, force: true }));
const program = join(player, 'play-bake.mjs');

/** A terminal of tmux in which a played bake waits at a moment. */
async function terminal(size: string, moment: string, env: Record<string, string>) {
  const folder = await temporaryFolder();
  const tmux = (...words: string[]) =>
    execFileSync('tmux', ['-S', join(folder, 'tmux'), '-f', '/dev/null', ...words], { encoding: 'utf8' });
  const [columns = '80', rows = '24'] = size.split('x');
  const variables = Object.entries({ PATH: process.env['PATH'] ?? '', ...env }).map(
    ([key, value]) => `${key}='${value}'`,
  );
  const inside = `env -i TERM=screen-256color ${variables.join(' ')} ${process.execPath} ${program} ${moment} ${folder}/cache`;
  tmux('new-session', '-d', '-x', columns, '-y', rows, `${inside}; read end`);
  onTestFinished(() => void tmux('kill-server'));
  const screen = () => tmux('capture-pane', '-p').trimEnd().split('\n');
  return { screen, tmux };
}

/** Waits until a picture is as expected: what is drawn is not reported otherwise. */
const eventually = (look: () => void) => vi.waitFor(look, { timeout: 60_000, interval: 100 });

const utf8 = { LANG: 'C.UTF-8' };

describe('a bake on a terminal (tmux)', () => {
  test('draws one picture, with both roles side by side', async () => {
    const { screen } = await terminal('100x30', 'bake', utf8);
    await eventually(() => {
      expect(screen()[0]).toMatch(/^\[█+░+\] \d+ %/);
    });
    await eventually(() => {
      expect(screen().join('\n')).toMatch(/^master +│ slave$/m);
    });
    expect(screen().join('\n').match(/ %/g)).toHaveLength(1);
  });

  test('over SSH, in tmux, with LANG=C and on 40 columns draws in ASCII, one role under the other', async () => {
    const env = { LANG: 'C', SSH_CONNECTION: '192.0.2.1 1 192.0.2.2 22', TMUX: 'x' };
    const { screen } = await terminal('40x24', 'verify', env);
    await eventually(() => {
      expect(screen()).toContain('slave');
    });
    expect(screen()[0]).toMatch(/^\[#+-+\] \d+ %/);
    expect(screen().indexOf('master')).toBeLessThan(screen().indexOf('slave'));
    for (const line of screen()) expect(line).toMatch(/^[\x20-\x7e]{0,39}$/);
  });

  test('follows the size of the terminal, smaller and larger, and leaves nothing of the old picture', async () => {
    const { screen, tmux } = await terminal('100x30', 'bake', utf8);
    await eventually(() => {
      expect(screen().join('\n')).toMatch(/^master +│ slave$/m);
    });
    for (const [columns, rows] of [
      [50, 24],
      [44, 12],
      [120, 40],
      [80, 24],
    ] as const) {
      tmux('resize-window', '-x', String(columns), '-y', String(rows));
      const narrow = columns < 64;
      await eventually(() => {
        const lines = screen();
        expect(lines.filter((line) => / %/.test(line))).toHaveLength(1);
        expect(lines.filter((line) => line.startsWith('master'))).toHaveLength(1);
        expect(lines.some((line) => line.startsWith('slave'))).toBe(narrow);
        expect(lines[0]).toMatch(/^\[/);
      });
    }
  });

  test('leaves the last picture above what follows, and shows the cursor again', async () => {
    const { screen, tmux } = await terminal('100x30', 'none', utf8);
    await eventually(() => {
      expect(screen().at(-1)).toBe('the end');
    });
    expect(screen()[0]).toMatch(/^\[█+\] 100 %/);
    expect(tmux('display-message', '-p', '#{cursor_flag}').trim()).toBe('1');
  });

  test('with NO_COLOR has no colours', async () => {
    const { screen, tmux } = await terminal('100x30', 'bake', { ...utf8, NO_COLOR: '1' });
    await eventually(() => {
      expect(screen().join('\n')).toContain('slave');
    });
    expect(tmux('capture-pane', '-p', '-e')).not.toMatch(/\x1b\[\d*;?3\dm/);
    const coloured = await terminal('100x30', 'bake', utf8);
    await eventually(() => {
      expect(coloured.screen().join('\n')).toContain('slave');
    });
    expect(coloured.tmux('capture-pane', '-p', '-e')).toMatch(/\x1b\[36m/);
  });
});

describe('a bake in a log', () => {
  /** Runs a played bake without a terminal. */
  async function log(env: Record<string, string>, ...flags: string[]) {
    const cache = join(await temporaryFolder(), 'cache');
    const ran = spawnSync(process.execPath, [program, 'none', cache, ...flags], {
      encoding: 'utf8',
      env: { PATH: process.env['PATH'] ?? '', ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    expect(ran.stdout).toBe('the end\n');
    return ran.stderr;
  }

  test('is plain lines, with the expected times', async () => {
    const text = await log({ TERM: 'xterm-256color', LANG: 'C.UTF-8' });
    expect(text).not.toMatch(/[^\n\P{Cc}]/u);
    expect(text).toContain('\ncache: 3 of 13 stages\n');
    expect(text).toContain('\nverify  (about 5 min 08 s)\n');
    expect(text).toContain('\nbake  master  boot  (about 22 s)\n');
    expect(text).not.toContain('Created symlink');
  });

  test('has groups on GitHub Actions and on GitLab', async () => {
    expect(await log({ GITHUB_ACTIONS: 'true' })).toMatch(
      /::group::verify\nverify [\s\S]*verify {2}253\.0 s\n::endgroup::\n/,
    );
    expect(await log({ GITLAB_CI: 'true' })).toContain('section_start:');
  });

  test('has every line with --verbose, and nothing with --quiet', async () => {
    expect(await log({}, '--verbose')).toContain('bake  slave  30-units: Created symlink');
    expect(await log({}, '--quiet')).toBe('');
  });
});
