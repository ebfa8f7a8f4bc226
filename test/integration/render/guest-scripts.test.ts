import { execFile } from 'node:child_process';
import { copyFile, mkdir, mkdtemp, readFile, rm, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { loadTemplates } from '../../../src/inputs/load-templates.ts';
import { renderBuildSeed } from '../../../src/render/render-build-seed.ts';

const execute = promisify(execFile);
const scripts = join(import.meta.dirname, '../../../templates/packer/guest');
let folder = '';

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'ingot guest '));
});
afterAll(async () => {
  await rm(folder, { recursive: true });
});

async function sh(args: readonly string[]): Promise<{ exitCode: number; lines: readonly string[] }> {
  try {
    const { stdout } = await execute('/bin/sh', args, { env: { PATH: process.env['PATH'] } });
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

  test('runs do.sh, then assert.sh, in the folder of the step, and reports when it began and that it is done', async () => {
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

  test('fails if assert.sh does not find what do.sh should have done', async () => {
    const { exitCode, lines } = await step('30-assert', 'echo did', 'test -e missing');
    expect(exitCode).toBe(1);
    expect(lines.at(-1)).toBe('ingot: step 30-assert failed (exit 1) in assert.sh');
  });

  test('fails on an unset variable', async () => {
    const { lines } = await step('40-unset', 'echo "$nobody"', 'true');
    expect(lines.at(-1)).toBe('ingot: step 40-unset failed (exit 2) in do.sh');
  });
});

describe('seed-key', () => {
  async function keyOf(authorizedKey: string): ReturnType<typeof sh> {
    const templates = await loadTemplates('templates');
    const files = renderBuildSeed(templates, { role: 'master', authorizedKey });
    const path = join(folder, 'user-data');
    await writeFile(path, files.find((file) => file.path === 'user-data')?.content ?? '');
    return sh([join(scripts, 'seed-key'), path]);
  }

  test('finds exactly the key that the seed of a bake gives to root', async () => {
    const file = join(folder, 'bake-key');
    await execute('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-C', 'ingot', '-f', file]);
    const key = (await readFile(`${file}.pub`, 'utf8')).trim();
    expect(await keyOf(key)).toEqual({ exitCode: 0, lines: [key] });
  });

  test('fails if the seed has no key, or one that ssh-keygen would not create', async () => {
    expect((await keyOf('')).exitCode).toBe(1);
    expect((await keyOf('command="reboot" ssh-ed25519 AAAA')).exitCode).toBe(1);
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

  test('writes files, owners, links, deletions and replaced folders to the disk as a tar, and reports the number of bytes', async () => {
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

  test('fails with the reason if the changes cannot be read', async () => {
    const { exitCode, lines } = await sh([
      join(scripts, 'export-changes'),
      join(folder, 'missing'),
      await disk(1),
    ]);
    expect(exitCode).toBe(1);
    expect(lines[1]).toMatch(/^ingot: export: tar: .*missing/);
    expect(lines.at(-1)).toBe('ingot: export failed (exit 2)');
  });

  test('fails if the disk is full', async () => {
    const { exitCode, lines } = await sh([join(scripts, 'export-changes'), scripts, '/dev/full']);
    expect(exitCode).toBe(1);
    expect(lines.join('\n')).toMatch(/No space left on device[^]*export failed/);
  });
});
