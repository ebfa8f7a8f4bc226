import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { commands } from '../../../src/cli/commands.ts';
import { manualPages } from '../../../src/cli/man/manual.ts';
import { usagesOf } from '../../../src/cli/record/usage.ts';
import { errorCodes, exitCodes } from '../../../src/host/error-codes.ts';
import { makeHost } from '../../../src/host/make-host.ts';
import { buildIngot, removeBuilt } from '../built-ingot.ts';

const host = makeHost();
const usages = usagesOf(commands.map(({ record }) => record));
let folder: string;
let files: string[];

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'ingot-man-'));
  for (const { file, text } of await manualPages(usages, { version: '0.1.0', date: '2026-11-30' }))
    await writeFile(join(folder, file), text);
  files = (await readdir(folder)).map((name) => join(folder, name));
});
afterAll(async () => {
  await rm(folder, { recursive: true });
});

/** A page as a person reads it, 80 columns wide, without bold and underlining. */
async function shown(name: string): Promise<string> {
  const { stdout } = await host.run('man', ['-l', join(folder, `${name}.1`)], {
    env: { MANWIDTH: '80', MAN_KEEP_FORMATTING: '', LC_ALL: 'C.UTF-8', TERM: 'dumb', GROFF_NO_SGR: '1' },
  });
  return stdout.replace(/.\u0008/g, '');
}

it('there is a page for ingot and for each command, and mandoc finds nothing wrong with any of them', async () => {
  const names = commands.map(({ record }) => `ingot-${record.name.replaceAll(' ', '-')}.1`);
  expect((await readdir(folder)).sort()).toEqual(['ingot.1', ...names].sort());
  const { stdout } = await host.run('mandoc', ['-T', 'lint', '-W', 'warning', ...files]);
  expect(stdout).toBe('');
});

it('man shows every page without a warning', async () => {
  for (const file of files) {
    const { stderr } = await host.run('man', ['--warnings', '-E', 'UTF-8', '-l', file], {
      env: { MANWIDTH: '80', TERM: 'dumb' },
    });
    expect({ file, stderr }).toEqual({ file, stderr: '' });
  }
});

it('a page has each option, argument and example of its command, and every exit status', async () => {
  for (const { record, flags, operands } of usages) {
    const text = await shown(`ingot-${record.name.replaceAll(' ', '-')}`);
    const words = text.replace(/‐\n\s*/g, '').replace(/\s+/g, ' ');
    for (const { name, takes } of flags) {
      expect(text).toMatch(new RegExp(`^ +${name}( |$)`, 'm'));
      if (takes !== undefined) expect(text).toMatch(new RegExp(`${name} \\[?${takes}`));
    }
    for (const { takes } of operands) expect(text).toContain(takes);
    for (const { line } of record.examples) expect(text).toContain(line);
    for (const code of Object.values(exitCodes)) expect(text).toMatch(new RegExp(`^ +${code} +[A-Z]`, 'm'));
    expect(words).toContain('EXIT STATUS 0 Done.');
  }
});

it('the page of ingot lists all commands, variables and error codes', async () => {
  const text = await shown('ingot');
  for (const { record } of commands) expect(text).toContain(`ingot-${record.name.replaceAll(' ', '-')}(1)`);
  for (const code of Object.keys(errorCodes)) expect(text).toMatch(new RegExp(`^ +${code}$`, 'm'));
  for (const name of ['INGOT_ACCEL', 'INGOT_SIGNING_KEY', 'NO_COLOR']) expect(text).toContain(name);
});

it('the pages that the build writes are these pages', async () => {
  const into = join(folder, 'built');
  const built = await buildIngot();
  await host.run(process.execPath, [join(built, 'cli/write-package-files.js'), into], {
    env: { SOURCE_DATE_EPOCH: String(Date.parse('2026-11-30') / 1000) },
  });
  await removeBuilt(built);
  for (const file of files)
    expect(await readFile(file.replace(folder, join(into, 'man')), 'utf8')).toBe(
      await readFile(file, 'utf8'),
    );
  expect((await readdir(join(into, 'completions'), { recursive: true })).sort()).toEqual(
    ['bash', 'bash/ingot', 'fish', 'fish/ingot.fish', 'zsh', 'zsh/_ingot'].sort(),
  );
});
