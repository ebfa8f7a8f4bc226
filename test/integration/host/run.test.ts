import { existsSync } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test, vi } from 'vitest';
import { IngotError } from '../../../src/host/ingot-error.ts';
import { makeHost } from '../../../src/host/make-host.ts';
import { rejection, temporaryFolder } from '../../samples/temporary.ts';
import { eventually } from '../stand-ins/eventually.ts';

const host = makeHost();
const sh = (script: string, options = {}) => host.run('sh', ['-c', script], options);

/** Whether a process is alive; a zombie is not. */
async function lives(pid: number): Promise<boolean> {
  const stat = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => '');
  return stat !== '' && !/\) Z /.test(stat);
}

describe('a program that fails', () => {
  test('can be run again by pasting the command of the error into sh, whatever its words, folder and variables', async () => {
    const folder = join(await temporaryFolder(), `it's a "folder"`);
    await host.run('mkdir', [folder]);
    const script = 'printf "%s|" "$PWD" "$GREETING" "$@"; exit 7';
    const words = ['', 'two words', "it's", '$HOME', '`id`', 'a\nb', '*', '\\', '#', '~', 'ä'];
    const error = await rejection(
      host.run('sh', ['-c', script, 'sh', ...words], { cwd: folder, env: { GREETING: "hello 'you'" } }),
    );
    expect(error).toMatchObject({ code: 'command-failed', message: 'sh ended with exit status 7' });
    const pasted = /^run it again by hand: ([\s\S]+)$/.exec(error.hint ?? '')?.[1] ?? '';
    const again = await host.run('sh', [], { input: pasted, accept: [7] });
    expect(again.stdout.trimEnd()).toBe(`${[folder, "hello 'you'", ...words].join('|')}|`);
  });

  test('shows its last lines of both streams and names the file with all of them', async () => {
    const log = join(await temporaryFolder(), 'log');
    const error = await rejection(sh('seq 100; echo worse >&2; exit 1', { log }));
    expect(error.excerpt).toHaveLength(30);
    expect(error.excerpt).toContain('worse');
    expect(error.excerpt).not.toContain('1');
    expect(error.hint).toContain(`its whole output: ${log}`);
    expect((await readFile(log, 'utf8')).split('\n')).toEqual(expect.arrayContaining(['1', '100', 'worse']));
  });

  test('that was ended by a signal reports which', async () => {
    expect((await rejection(sh('kill -SEGV $$'))).message).toBe('sh was ended by SIGSEGV');
  });

  test('that is not installed is a missing program, with the remedy', async () => {
    const error = await rejection(host.run('no-such-program', []));
    expect(error).toMatchObject({ code: 'missing-program', exitCode: 2 });
    expect(error.message).toBe('no-such-program could not be started');
    expect(error.hint).toContain('make setup');
    await expect(host.start('no-such-program', [])).rejects.toThrow(error.message);
  });

  test('with an expected exit status is not a failure', async () => {
    expect(await sh('echo out; echo err >&2; exit 3', { accept: [0, 3] })).toEqual({
      exitCode: 3,
      stdout: 'out\n',
      stderr: 'err\n',
    });
  });
});

test("a program gets a fixed environment: from the user's, only the network settings", async () => {
  vi.stubEnv('LC_ALL', 'de_DE.UTF-8');
  vi.stubEnv('TZ', 'Asia/Tokyo');
  vi.stubEnv('HOME', '/home/someone');
  vi.stubEnv('AWS_SECRET_ACCESS_KEY', 'secret');
  vi.stubEnv('https_proxy', 'http://proxy.example:3128');
  try {
    const { stdout } = await host.run('env', [], { env: { OWN: 'value' } });
    const seen = stdout.split('\n').filter((line) => line.startsWith('https_') || !/proxy/i.test(line));
    expect(seen.sort()).toEqual([
      '',
      'HOME=/root',
      'LC_ALL=C',
      'OWN=value',
      'PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin',
      'TZ=UTC',
      'https_proxy=http://proxy.example:3128',
    ]);
  } finally {
    vi.unstubAllEnvs();
  }
});

test('a program reads only the text that it is given and nothing from the terminal', async () => {
  expect((await host.run('cat', [], { input: 'given\n' })).stdout).toBe('given\n');
  expect((await host.run('cat', [])).stdout).toBe('');
});

test('large output is not kept if it is not needed, and its last lines are still shown', async () => {
  const error = await rejection(sh('seq 200000; exit 1', { discardOutput: true }));
  expect(error.excerpt.at(-1)).toBe('200000');
  expect((await sh('seq 10', { discardOutput: true })).stdout).toBe('');
});

test('a log that cannot be written fails the run with the reason, not the whole process', async () => {
  const log = join(await temporaryFolder(), 'missing', 'log');
  await expect(sh('echo x', { log })).rejects.toThrow(/ENOENT.*\/missing\/log/);
  const running = await host.start('sh', ['-c', 'echo x'], { log });
  expect(await running.ended).toMatchObject({ exitCode: 0 });
});

/** A script that starts a grandchild in the background and writes both process ids to a file. */
const family = (grandchild: string) => `${grandchild} & echo $! $$ > pids; wait`;
async function pidsOf(folder: string): Promise<number[]> {
  const text = await eventually('the script has started its grandchild', async () => {
    const read = await readFile(join(folder, 'pids'), 'utf8').catch(() => '');
    return read.endsWith('\n') ? read : undefined;
  });
  return text.trim().split(' ').map(Number);
}

describe('the whole process group ends', () => {
  test('when the signal is given, including grandchildren that no pipe holds; the reason of the signal is thrown', async () => {
    const cwd = await temporaryFolder();
    const stop = new AbortController();
    const reason = new IngotError({ code: 'interrupted', message: 'interrupted by SIGINT' });
    const run = rejection(sh(family('sleep 600 >/dev/null 2>&1'), { cwd, signal: stop.signal }));
    const pids = await pidsOf(cwd);
    stop.abort(reason);
    expect(await run).toBe(reason);
    expect(await Promise.all(pids.map(lives))).toEqual([false, false]);
  });

  test('after the time limit, even a grandchild that ignores TERM; the error reports it', async () => {
    const cwd = await temporaryFolder();
    const stubborn = family(`sh -c 'trap "" TERM; while :; do sleep 1; done' >/dev/null 2>&1`);
    const error = await rejection(sh(stubborn, { cwd, timeoutMs: 500 }));
    expect(error.message).toBe('sh took too long');
    expect(await Promise.all((await pidsOf(cwd)).map(lives))).toEqual([false, false]);
  });

  test('when the reader of its lines fails', async () => {
    const cwd = await temporaryFolder();
    const run = sh(`echo line; ${family('sleep 600')}`, {
      cwd,
      onLine: () => {
        throw new Error('a bug in the reader');
      },
    });
    await expect(run).rejects.toThrow('a bug in the reader');
    if (existsSync(join(cwd, 'pids')))
      expect(await Promise.all((await pidsOf(cwd)).map(lives))).toEqual([false, false]);
  });

  test('and a process that left the group does not block the rest through its open output', async () => {
    const cwd = await temporaryFolder();
    const begun = Date.now();
    const error = await rejection(sh(family('setsid sleep 600'), { cwd, timeoutMs: 500 }));
    expect(error.message).toBe('sh took too long');
    expect(Date.now() - begun).toBeLessThan(10_000);
    const [left] = await pidsOf(cwd);
    process.kill(left ?? 0, 'SIGKILL');
  });

  test('when end() is called on a started program: first its own handler, then KILL for one that ignores it', async () => {
    const cwd = await temporaryFolder();
    const lines: string[] = [];
    const start = (trap: string) =>
      host.start('sh', ['-c', `trap ${trap} TERM; echo ready; while :; do sleep 0.1; done`], {
        cwd,
        onLine: (line) => lines.push(line),
      });
    const ready = (count: number) =>
      eventually('the script is ready', () =>
        Promise.resolve(lines.filter((line) => line === 'ready').length === count ? true : undefined),
      );
    const polite = await start(`'echo bye; exit 4'`);
    await ready(1);
    await polite.end();
    expect(await polite.ended).toEqual({ exitCode: 4, signal: undefined });
    expect(lines).toContain('bye');

    const deaf = await start(`''`);
    await ready(2);
    await deaf.end({ graceMs: 300 });
    expect(await deaf.ended).toEqual({ exitCode: undefined, signal: 'SIGKILL' });
    await deaf.end(); // ending it again has no effect
  });

  test('and nothing is started after the signal was given', async () => {
    const folder = await temporaryFolder();
    const file = join(folder, 'made');
    const signal = AbortSignal.abort(new IngotError({ code: 'interrupted', message: 'interrupted' }));
    expect((await rejection(host.run('touch', [file], { signal }))).code).toBe('interrupted');
    await expect(host.start('touch', [file], { signal })).rejects.toThrow('interrupted');
    await writeFile(join(folder, 'other'), '');
    expect(existsSync(file)).toBe(false);
  });
});
