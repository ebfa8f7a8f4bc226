import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { runChecks } from '../../../src/boot-test/run-checks.ts';
import { IngotError } from '../../../src/host/ingot-error.ts';
import { rejection, temporaryFolder } from '../../samples/temporary.ts';
import { localSsh, nowhere } from './local-ssh.ts';

const ask = (run: string, more: { within?: number; console?: string; signal?: AbortSignal } = {}) =>
  runChecks(localSsh(), [{ name: 'the check', run, within: more.within ?? 5 }], {
    nodeName: 'master',
    ssh: nowhere,
    console: more.console ?? '/no/console',
    patience: 1,
    ...(more.signal === undefined ? {} : { signal: more.signal }),
  });

describe('a check of a booted node', () => {
  test('that passes reports its last line, as it was printed', async () => {
    const [result] = await ask(`echo first; printf '%s\\n' 'a\\nb "q" $x'`);
    expect(result).toMatchObject({ name: 'the check', saw: 'a\\nb "q" $x' });
    expect(result?.seconds).toBeGreaterThanOrEqual(0);
    expect((await ask('cat'))[0]?.saw).toBe(''); // nothing to read, in particular not the rest of our script
  });

  test('may contain quotes, brackets and several lines', async () => {
    const run = `case "it's)" in\n  *"'s)") echo "it's ok" ;;\nesac`;
    expect((await ask(run))[0]?.saw).toBe("it's ok");
  });

  test('runs in one connection with all others; the first check that does not pass is reported', async () => {
    const connections: string[] = [];
    const begun: string[] = [];
    const error = await rejection(
      runChecks(
        localSsh(() => {
          connections.push('ssh');
          return undefined;
        }),
        [
          { name: 'one', run: 'echo of one', within: 5 },
          { name: 'two', run: 'echo of two; exit 1', within: 1 },
          { name: 'three', run: 'echo of three', within: 5 },
        ],
        {
          ...{ nodeName: 'master', ssh: nowhere, console: '/no/console', patience: 1 },
          onCheck: ({ name }) => begun.push(name),
        },
      ),
    );
    expect(error.message).toContain('check "two" did not pass within 1 s');
    expect(error.excerpt[0]).toBe('of two');
    expect([begun, connections]).toEqual([['one', 'two'], ['ssh']]);
  });

  test('is followed, if all have passed, by the other queries in the same connection', async () => {
    const heard: string[] = [];
    const options = { nodeName: 'master', ssh: nowhere, console: '/no/console', patience: 1 };
    const last = { script: 'echo said; echo and more', onLine: (line: string) => heard.push(line) };
    const results = await runChecks(localSsh(), [{ name: 'one', run: 'echo of one', within: 5 }], {
      ...options,
      last,
    });
    expect(results.map(({ saw }) => saw)).toEqual(['of one']);
    expect(heard).toEqual(['said', 'and more']);
    await rejection(runChecks(localSsh(), [{ name: 'one', run: 'exit 1', within: 1 }], { ...options, last }));
    expect(heard).toHaveLength(2);
  });

  test('is repeated until it passes', async () => {
    const file = join(await temporaryFolder(), 'tries');
    const run = `echo x >> '${file}'; [ "$(wc -l < '${file}')" -ge 2 ] && echo settled`;
    expect((await ask(run))[0]?.saw).toBe('settled');
    expect(await readFile(file, 'utf8')).toBe('x\nx\n');
  });

  test('that does not pass in time is an error with its output, the console and the command', async () => {
    const console = join(await temporaryFolder(), 'console.log');
    await writeFile(console, '[  1.0] booting\r\n[  9.0] mesos-master: failed\r\n');
    const error = await rejection(ask('echo no leader; echo why >&2; exit 3', { within: 1, console }));
    expect(error).toMatchObject({ code: 'node-failed', exitCode: 1 });
    expect(error.message).toBe('master: check "the check" did not pass within 1 s; it printed:');
    expect(error.excerpt.join('\n')).toMatch(
      /^no leader\nwhy\n--- the last lines[^\n]*\n.*\n.*mesos-master: failed$/,
    );
    expect(error.hint).toContain('echo no leader; echo why >&2; exit 3');
    expect(error.hint).toContain(console);
  });

  test('whose result is final is not repeated, and its last line is the headline', async () => {
    const file = join(await temporaryFolder(), 'tries');
    const begun = Date.now();
    const error = await rejection(
      ask(`echo x >> '${file}'; echo detail; echo the root is another; exit 120`, { within: 600 }),
    );
    expect(Date.now() - begun).toBeLessThan(8000);
    expect(error.message).toBe('master: check "the check" failed: the root is another');
    expect(error.excerpt[0]).toBe('detail');
    expect(await readFile(file, 'utf8')).toBe('x\n');
  });

  test('that fails with an exit status of systemctl or curl is repeated: only 120 is final', async () => {
    const file = join(await temporaryFolder(), 'tries');
    for (const status of [3, 7, 100, 125])
      expect(
        (await ask(`[ -e '${file}${status}' ] || { touch '${file}${status}'; exit ${status}; }; echo ok`))[0]
          ?.saw,
      ).toBe('ok');
  });

  test('that prints without end is reported with its last lines', async () => {
    const error = await rejection(ask('seq 100000; exit 120'));
    expect(error.message).toContain('failed: 100000');
    expect(error.excerpt.length).toBeLessThan(40);
  });

  test('that hangs is ended after its time limit', async () => {
    const begun = Date.now();
    const error = await rejection(ask('echo waiting; sleep 600', { within: 1 }));
    expect(Date.now() - begun).toBeLessThan(8000);
    expect(error.excerpt.slice(0, 2)).toEqual(['waiting', '(it was still running when its time was up)']);
  });

  test('is stopped when the signal is given', async () => {
    const stop = new AbortController();
    const work = rejection(ask('sleep 600', { within: 60, signal: stop.signal }));
    stop.abort(new IngotError({ code: 'interrupted', message: 'interrupted by SIGINT' }));
    expect((await work).code).toBe('interrupted');
  });

  test('reports that the node was lost in the meantime', async () => {
    const checks = [{ name: 'the check', run: 'true', within: 5 }];
    const options = { nodeName: 'slave', ssh: nowhere, console: '/no/console', patience: 1 };
    const error = await rejection(
      runChecks(
        localSsh(() => 255),
        checks,
        options,
      ),
    );
    expect(error.message).toBe('slave: the node was lost during check "the check"; ssh says:');
    expect(error.excerpt[0]).toBe('Connection refused');
  });

  test('has more time where the processor is emulated', async () => {
    const checks = [{ name: 'slow', run: 'exit 1', within: 1 }];
    const options = { nodeName: 'master', ssh: nowhere, console: '/no/console', patience: 2.5 };
    expect((await rejection(runChecks(localSsh(), checks, options))).message).toContain('within 3 s');
  });
});
