import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { BakeEvent } from '../../../../src/bake/packer/events.ts';
import { IngotError } from '../../../../src/host/ingot-error.ts';
import { processesOf } from '../../../../src/host/leftovers.ts';
import { bake, deafGuest, runFolder } from './packer-runs.ts';

const eventsOf = async (folder: string) =>
  (await readFile(join(folder, 'events.ndjson'), 'utf8'))
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as { type: string });

function ingotError(error: unknown): IngotError {
  if (!(error instanceof IngotError)) throw new Error('no IngotError', { cause: error });
  return error;
}

/** Whether any process of the machine has this word among its arguments. */
async function runs(word: string): Promise<boolean> {
  const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name));
  const lines = await Promise.all(
    pids.map((pid) => readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '')),
  );
  return lines.some((line) => line.split('\0').includes(word));
}

describe('a bake with the real Packer', () => {
  test('reports the steps of both roles as they happen and keeps every event', async () => {
    const folder = await runFolder();
    const steps = [
      `echo 'ingot: step 10-users begins'`,
      `echo 'one, two' >&2`,
      `printf '\\033[31mred\\033[0m\\n'`,
      `echo 'ingot: step 10-users done in 3s'`,
      `echo 'ingot: exported 99 bytes'`,
    ];
    const { value, events } = await bake(folder, { master: steps });
    expect(value?.builds['null.master']).toMatchObject({
      phase: 'done',
      steps: [{ name: '10-users', seconds: 3 }],
      exportedBytes: 99,
      artifacts: 1,
    });
    expect(value?.builds['null.slave']).toMatchObject({ phase: 'done', artifacts: 1 });
    const texts = events.flatMap((event) =>
      event.type === 'line' && event.build === 'null.master' ? [event.text] : [],
    );
    expect(texts).toContain('one, two');
    expect(texts).toContain('red');
    expect(await eventsOf(folder)).toEqual(events);
    expect((await readdir(folder)).sort()).toEqual(['cluster.pkr.hcl', 'events.ndjson', 'packer.log']);
  });

  test('fails with the build, the step, its output and the place of the logs, and also reports the other build', async () => {
    const folder = await runFolder();
    const master = [
      `echo 'ingot: step 30-units begins'; echo details; echo 'ingot: step 30-units failed (exit 7) in do.sh'; exit 1`,
    ];
    const { error, events } = await bake(folder, { master, slave: ['echo no such thing; exit 9'] });
    const failure = ingotError(error);
    expect(failure.code).toBe('step-failed');
    expect(failure.message).toMatch(
      /^master: step 30-units failed in do\.sh \(exit 7\) after \d+\.\d s: details$/m,
    );
    expect(failure.message).toMatch(/^slave: after "Running local shell script: .*non-zero exit status: 9/m);
    expect(failure.excerpt).toContain('  details');
    expect(failure.excerpt).toContain('  no such thing');
    expect(failure.hint).toContain(join(folder, 'packer.log'));
    expect(events.at(-1)).toMatchObject({ type: 'bake-done', result: 'failed' });
    expect(await eventsOf(folder)).toEqual(events);
  });

  test('fails if an expected build leaves no artifact, although the exit status of Packer is 0', async () => {
    const { error } = await bake(await runFolder(), {}, { expectedBuilds: ['null.master', 'null.third'] });
    expect(ingotError(error).message).toBe(
      'third: Packer ended with exit status 0 and left no artifact of this build',
    );
  });

  test("shows Packer's error about a template that it does not accept", async () => {
    const folder = await runFolder();
    const hclFile = join(folder, 'bad.pkr.hcl');
    await writeFile(hclFile, 'build {\n  sources = ["source.null.hunter22"]\n}\n');
    const { error } = await bake(folder, {}, { hclFile, secrets: ['hunter22'] });
    expect(ingotError(error).message).toBe(`Packer does not accept the template ${hclFile}`);
    expect(ingotError(error).excerpt.join('\n')).toContain('Unknown source null.***');
  });

  test('neither writes nor shows a secret', async () => {
    const folder = await runFolder();
    const secrets = ['hunter,22', '-----BEGIN KEY-----\nAAAAC3NzaC1lZDI1\n-----END KEY-----'];
    const master = [
      `echo 'password hunter,22'; echo 'hunter,22' >&2; printf 'hun\\033[1mter,22\\n'`,
      `printf -- '-----BEGIN KEY-----\\nAAAAC3NzaC1lZDI1\\n-----END KEY-----\\n'; exit 1`,
    ];
    const { error, events } = await bake(folder, { master }, { secrets });
    const seen = [
      JSON.stringify(events),
      await readFile(join(folder, 'events.ndjson'), 'utf8'),
      ingotError(error).excerpt.join('\n'),
    ];
    for (const text of [...seen, await readFile(join(folder, 'packer.log'), 'utf8')]) {
      expect(text).not.toMatch(/hun\S*ter,22|hunter%!\(PACKER_COMMA\)22|AAAAC3NzaC1lZDI1/);
    }
    for (const text of seen) expect(text).toContain('***');
  });

  test('works in a run folder whose path is too long for a socket', async () => {
    const folder = join(await runFolder(), 'x'.repeat(120));
    await mkdir(folder);
    const { value } = await bake(folder, {});
    expect(value?.builds['null.master']?.artifacts).toBe(1);
    expect((await readdir(folder)).sort()).toEqual(['cluster.pkr.hcl', 'events.ndjson', 'packer.log']);
  });
});

describe('an interrupted bake', () => {
  /** Interrupts when the command reports that it has started; returns the seconds until everything has ended. */
  async function interruptWhenThere(folder: string, master: readonly string[]) {
    const interruption = new AbortController();
    let since = Date.now();
    const { error, events } = await bake(
      folder,
      { master },
      {
        signal: interruption.signal,
        onEvent: (event) => {
          if (event.type !== 'line' || event.text !== 'there') return;
          since = Date.now();
          interruption.abort();
        },
      },
    );
    return { error, events, seconds: (Date.now() - since) / 1000 };
  }

  test('ends everything within 10 seconds, keeps its logs and leaves no other file', async () => {
    const folder = await runFolder();
    const { error, events, seconds } = await interruptWhenThere(folder, ['echo there; sleep 98761']);
    expect(ingotError(error).code).toBe('interrupted');
    expect(seconds).toBeLessThan(10);
    expect(await runs('98761')).toBe(false);
    expect(events.at(-1)).toMatchObject({ type: 'bake-done', result: 'interrupted' });
    expect((await readdir(folder)).sort()).toEqual(['cluster.pkr.hcl', 'events.ndjson', 'packer.log']);
  });

  test('also ends processes that ignore signals or have left the process group', async () => {
    const folder = await runFolder();
    const stubborn = `setsid sleep 98762 & trap '' INT TERM; echo there; sleep 98763; sleep 98763`;
    const { error, seconds } = await interruptWhenThere(folder, [stubborn]);
    expect(ingotError(error).code).toBe('interrupted');
    expect(seconds).toBeLessThan(10);
    expect(await runs('98762')).toBe(false);
    expect(await runs('98763')).toBe(false);
  });

  test('does not begin if it was interrupted before', async () => {
    const folder = await runFolder();
    const { error, events } = await bake(folder, { master: ['echo there'] }, { signal: AbortSignal.abort() });
    expect(ingotError(error).code).toBe('interrupted');
    expect(events.map(({ type }) => type)).toEqual(['bake-begins', 'bake-done']);
  });
});

/** Kills the first of Packer's processes; the others would continue without it. */
async function killWrapper(folder: string): Promise<void> {
  const pids = await processesOf({ folder, temporary: join(folder, 'tmp') });
  process.kill(Math.min(...pids), 'SIGKILL');
}

test('a bake whose Packer is killed fails and leaves no process', async () => {
  const folder = await runFolder();
  const onEvent = (event: BakeEvent) => {
    if (event.type === 'line' && event.text === 'there') void killWrapper(folder);
  };
  const { error } = await bake(folder, { master: ['echo there; sleep 98765'] }, { onEvent });
  expect(ingotError(error).message).toContain(
    'master: Packer was killed by SIGKILL and left no artifact of this build',
  );
  expect(await runs('98765')).toBe(false);
});

describe('a guest that does not answer over SSH', () => {
  const expectedBuilds = ['qemu.master'];

  test('has its console shown while it boots, and in the error when the bake gives up', async () => {
    const folder = await runFolder();
    const hclFile = await deafGuest(folder, '\x1b[31mno root found', '4s');
    const { error, events } = await bake(folder, {}, { hclFile, expectedBuilds });
    const failure = ingotError(error);
    expect(failure.message).toBe('master: the guest did not answer over SSH: Timeout waiting for SSH.');
    expect(failure.excerpt.slice(-2)).toEqual([
      "master: last lines of the guest's console:",
      '  no root found',
    ]);
    expect(failure.hint).toContain(join(folder, 'console-master.log'));
    expect(events.map(({ type }) => type)).toContain('guest-boots');
    expect(events).toContainEqual(expect.objectContaining({ type: 'console', text: 'no root found' }));
  });

  test('is stopped when the bake is interrupted', async () => {
    const folder = await runFolder();
    const interruption = new AbortController();
    let since = Date.now();
    const { error } = await bake(
      folder,
      {},
      {
        hclFile: await deafGuest(folder, 'there', '5m'),
        expectedBuilds,
        signal: interruption.signal,
        onEvent: (event) => {
          if (event.type !== 'console') return;
          since = Date.now();
          interruption.abort();
        },
      },
    );
    expect(ingotError(error).code).toBe('interrupted');
    expect(Date.now() - since).toBeLessThan(10_000);
    expect(await processesOf({ folder, temporary: join(folder, 'tmp') })).toEqual([]);
  });
});
