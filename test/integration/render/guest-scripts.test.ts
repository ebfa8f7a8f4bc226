import { execFile } from 'node:child_process';
import { chmod, copyFile, mkdir, mkdtemp, readFile, rm, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

const execute = promisify(execFile);
const scripts = join(import.meta.dirname, '../../../templates/packer/guest');
let folder = '';

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'ingot guest '));
});
afterAll(async () => {
  await rm(folder, { recursive: true });
});

async function sh(
  args: readonly string[],
  path = process.env['PATH'],
): Promise<{ exitCode: number; lines: readonly string[] }> {
  try {
    const { stdout } = await execute('/bin/sh', args, { env: { PATH: path } });
    return { exitCode: 0, lines: stdout.trimEnd().split('\n') };
  } catch (error) {
    const { code, stdout } = error as { code: number; stdout: string };
    return { exitCode: code, lines: stdout.trimEnd().split('\n') };
  }
}

describe('run-step', () => {
  async function step(name: string, doScript: string, assertScript: string): ReturnType<typeof sh> {
    const cd = join(folder, 'ingot');
    const at = join(cd, 'steps', name);
    await mkdir(at, { recursive: true });
    await copyFile(join(scripts, 'run-step'), join(cd, 'run-step'));
    await writeFile(join(at, 'do.sh'), doScript);
    await writeFile(join(at, 'assert.sh'), assertScript);
    return sh([join(cd, 'run-step'), name]);
  }

  test('runs do.sh, then assert.sh, in the folder of the step, and says when it began and that it is done', async () => {
    const { exitCode, lines } = await step(
      '10-good',
      'echo "do in ${PWD##*/}"',
      'cat do.sh >/dev/null; echo assert',
    );
    expect(exitCode).toBe(0);
    expect(lines).toEqual([
      'ingot: step 10-good begins',
      'do in 10-good',
      'assert',
      expect.stringMatching(/^ingot: step 10-good done in \d+s$/),
    ]);
  });

  test('stops at the first command of do.sh that fails, and names it', async () => {
    const { exitCode, lines } = await step('20-do', 'sh -c "exit 7"\necho not reached', 'echo not reached');
    expect(exitCode).toBe(1);
    expect(lines).toEqual(['ingot: step 20-do begins', 'ingot: step 20-do failed (exit 7) in do.sh']);
  });

  test('fails where assert.sh does not find what do.sh should have done', async () => {
    const { exitCode, lines } = await step('30-assert', 'echo did', 'test -e missing');
    expect(exitCode).toBe(1);
    expect(lines.at(-1)).toBe('ingot: step 30-assert failed (exit 1) in assert.sh');
  });

  test('fails on a variable that nobody has set', async () => {
    const { lines } = await step('40-unset', 'echo "$nobody"', 'true');
    expect(lines.at(-1)).toBe('ingot: step 40-unset failed (exit 2) in do.sh');
  });
});

describe('await-cloud-init', () => {
  // Programs that answer as those of a guest would: the stages that are enabled, the one that has failed, what starting does.
  async function guest(answers: {
    readonly enabled: string;
    readonly failed?: string;
    readonly start?: string;
    readonly status?: string;
  }): ReturnType<typeof sh> {
    const programs = join(folder, 'programs');
    await mkdir(programs, { recursive: true });
    const has = (stages: string, unit: string): string =>
      `case " ${stages} " in *" \${${unit}%.service} "*) exit 0 ;; esac; exit 1`;
    const systemctl = [
      'case "$1" in',
      `is-enabled) ${has(answers.enabled, '3')} ;;`,
      `is-failed) ${has(answers.failed ?? '', '3')} ;;`,
      `start) echo "waited for $2"; ${answers.start ?? 'exit 0'} ;;`,
      'esac',
    ].join('\n');
    const texts = {
      systemctl,
      journalctl: 'echo "from the journal"',
      'cloud-init': answers.status ?? 'exit 0',
    };
    for (const [name, text] of Object.entries(texts)) {
      await writeFile(join(programs, name), `#!/bin/sh\n${text}\n`);
      await chmod(join(programs, name), 0o755);
    }
    return sh([join(scripts, 'await-cloud-init'), '1'], `${programs}:/usr/bin:/bin`);
  }
  const all = 'cloud-init-local cloud-init cloud-config cloud-final';

  test('waits for every stage in order', async () => {
    const { exitCode, lines } = await guest({ enabled: all });
    expect(exitCode).toBe(0);
    expect(lines).toEqual([
      ...all.split(' ').map((stage) => `waited for ${stage}.service`),
      'ingot: cloud-init is done',
    ]);
  });

  test('does not wait for stages that the image has masked, nor asks cloud-init for an end that does not come', async () => {
    const { exitCode, lines } = await guest({
      enabled: 'cloud-init-local cloud-init',
      status: 'exec sleep 60',
    });
    expect(exitCode).toBe(0);
    expect(lines).toEqual([
      'waited for cloud-init-local.service',
      'waited for cloud-init.service',
      'ingot: cloud-init is done',
    ]);
  });

  test.each([
    ['2', 0, 'ingot: cloud-init is done, with warnings (exit 2)'],
    ['1', 1, 'ingot: cloud-init failed (exit 1)'],
  ])('where cloud-init itself ends with %s, exits %i and says so', async (status, exitCode, line) => {
    const result = await guest({ enabled: all, status: `exit ${status}` });
    expect(result.exitCode).toBe(exitCode);
    expect(result.lines.at(-1)).toBe(line);
  });

  test('gives up after its time, and names the stage', async () => {
    const { exitCode, lines } = await guest({ enabled: all, start: 'exec sleep 60' });
    expect(exitCode).toBe(1);
    expect(lines.at(-1)).toBe('ingot: cloud-init-local was not done within 1 s');
  });

  test('shows the journal of a stage that has failed, and does not run it again', async () => {
    const { exitCode, lines } = await guest({ enabled: 'cloud-init', failed: 'cloud-init' });
    expect(exitCode).toBe(1);
    expect(lines).toEqual(['from the journal', 'ingot: cloud-init failed']);
  });
});

describe('export-changes', () => {
  async function upperLayer(): Promise<string> {
    const upper = join(folder, 'upper');
    await mkdir(join(upper, 'etc/replaced'), { recursive: true });
    await writeFile(join(upper, 'etc/new'), 'content\n', { mode: 0o640 });
    await execute('chown', ['123:456', join(upper, 'etc/new')]);
    await execute('mknod', [join(upper, 'etc/deleted'), 'c', '0', '0']);
    await execute('setfattr', ['-n', 'trusted.overlay.opaque', '-v', 'y', join(upper, 'etc/replaced')]);
    await execute('ln', [join(upper, 'etc/new'), join(upper, 'etc/same')]);
    await execute('ln', ['-s', '/gone', join(upper, 'etc/link')]);
    return upper;
  }

  async function disk(mebibytes: number): Promise<string> {
    const path = join(folder, 'disk');
    await writeFile(path, '');
    await truncate(path, mebibytes * 1024 * 1024);
    return path;
  }

  test('puts files, owners, links, deletions and replaced folders onto the disk as a tar, and says how many bytes', async () => {
    const at = await disk(1);
    const { exitCode, lines } = await sh([join(scripts, 'export-changes'), await upperLayer(), at]);
    expect(exitCode).toBe(0);
    expect(lines).toEqual(['ingot: exporting', expect.stringMatching(/^ingot: exported \d+ bytes$/)]);
    const { stdout: list } = await execute('tar', ['--numeric-owner', '-tvf', at]);
    expect(list).toMatch(/^-rw-r----- 123\/456 .* \.\/etc\/new$/m);
    expect(list).toMatch(/^crw.* 0,0 .* \.\/etc\/deleted$/m);
    expect(list).toMatch(/^hrw.* \.\/etc\/same link to \.\/etc\/new$/m);
    expect(list).toMatch(/^l.* \.\/etc\/link -> \/gone$/m);

    const out = join(folder, 'out');
    await mkdir(out);
    await execute('tar', ['-xf', at, '--xattrs', '--xattrs-include=*', '-C', out]);
    const opaque = ['--only-values', '-n', 'trusted.overlay.opaque', join(out, 'etc/replaced')];
    expect((await execute('getfattr', opaque)).stdout).toBe('y');
    expect(await readFile(join(out, 'etc/new'), 'utf8')).toBe('content\n');
  });

  test('fails with the reason where the changes cannot be read', async () => {
    const { exitCode, lines } = await sh([
      join(scripts, 'export-changes'),
      join(folder, 'missing'),
      await disk(1),
    ]);
    expect(exitCode).toBe(1);
    expect(lines[1]).toMatch(/^ingot: export: tar: .*missing/);
    expect(lines.at(-1)).toBe('ingot: export failed (exit 2)');
  });

  test('fails where the disk is full', async () => {
    const { exitCode, lines } = await sh([join(scripts, 'export-changes'), scripts, '/dev/full']);
    expect(exitCode).toBe(1);
    expect(lines.join('\n')).toMatch(/No space left on device[^]*export failed/);
  });
});
