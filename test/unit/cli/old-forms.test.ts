import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { commandLine, readCommandLine } from '../../../src/cli/command-line.ts';
import { rejection } from '../../samples/temporary.ts';
import { fakeWorld } from '../../samples/world.ts';

let cwd = '';
beforeAll(() => {
  cwd = mkdtempSync(join(tmpdir(), 'ingot-test-'));
  mkdirSync(join(cwd, 'out/slave/one'), { recursive: true });
});
afterAll(() => {
  rmSync(cwd, { recursive: true });
});

/** The command that a line selects, its options, and the output on stderr; nothing is run. */
async function read(line: string) {
  const { world, out, err } = fakeWorld({ cwd });
  let chosen: unknown;
  const exitCode = await readCommandLine(world, line.split(' '), (entry, input) => {
    chosen = { command: entry.record.name, input };
    return Promise.resolve();
  });
  expect(out()).toBe('');
  return { exitCode, chosen, err: err() };
}

describe('an old form works, and prints one line on stderr with what to type instead:', () => {
  test.each([
    ['verify x.yaml', 'boot-test x.yaml'],
    ['verify --firmware bios x.yaml --out store', 'boot-test --firmware bios x.yaml --out store'],
    ['verify x.yaml --seed-key k.pem', 'boot-test x.yaml --seed-key k.pem'],
    ['verify x.yaml --reproduce', 'reproduce x.yaml'],
    [
      'verify --reproduce x.yaml --role slave --pool p --offline --json',
      'reproduce x.yaml --role slave --pool p --offline --json',
    ],
    [
      'verify out/slave/one --key k.pem --boot --firmware uefi',
      'boot-test out/slave/one --key k.pem --firmware uefi',
    ],
    [
      'verify out/slave/one --boot --rehearsed rise,agree --key a.pem --key b.pem --json',
      'boot-test out/slave/one --rehearsed rise,agree --key a.pem --key b.pem --json',
    ],
    ['verify out/slave/one --key k.pem --out store', 'verify out/slave/one --key k.pem'],
    ['lock x.yaml --check', 'lock check x.yaml'],
    ['lock --check x.yaml', 'lock check x.yaml'],
    ['lock x.yaml --export a.tar', 'lock export x.yaml a.tar'],
    ['lock --export=a.tar x.yaml --pool p --quiet', 'lock export x.yaml a.tar --pool p --quiet'],
    ['lock --pool p --import a.tar x.yaml', 'lock import x.yaml a.tar --pool p'],
    ['drift --inventory fleet.yaml', 'drift fleet.yaml'],
    ['drift --inventory=fleet.yaml --json', 'drift fleet.yaml --json'],
    ['drift --expect slave/a master/b --inventory f --all', 'drift f --expect slave/a master/b --all'],
  ])('ingot %s', async (old, today) => {
    const before = await read(old);
    const after = await read(today);
    expect(after.err).toBe('');
    expect(after.chosen).toBeDefined();
    expect(before).toEqual({
      ...after,
      err: `ingot: warning: this form is deprecated; type instead: ingot ${today}\n`,
    });
  });
});

describe('lines that an old form refused are refused as wrong use:', () => {
  test.each([
    ['verify x.yaml --boot', "unknown option '--boot'"],
    ['verify out/slave/one --key k.pem --reproduce', "unknown option '--reproduce'"],
    ['verify x.yaml --offline', "unknown option '--offline'"],
    ['verify x.yaml --role slave', "unknown option '--role'"],
    ['verify x.yaml --pool p', "unknown option '--pool'"],
    ['verify x.yaml --rehearsed rise', '--rehearsed is only for version folders'],
    ['verify x.yaml y.yaml', 'name one spec'],
    ['drift --inventory', "unknown option '--inventory'"],
  ])('ingot %s', async (line, reason) => {
    const { exitCode, chosen, err } = await read(line);
    expect({ exitCode, chosen }).toEqual({ exitCode: 2, chosen: undefined });
    expect(err).toContain(reason);
  });

  test.each(['--check --update', '--export a --import b', '--check --export a', '--update curl --import a'])(
    'ingot lock x.yaml %s',
    async (flags) => {
      const error = await rejection(commandLine(fakeWorld().world, ['lock', 'x.yaml', ...flags.split(' ')]));
      expect(error.exitCode).toBe(2);
      expect(error.message).toContain('only one of --check, --update, --export and --import');
    },
  );
});

test('current forms are not mistaken for old ones', async () => {
  for (const line of [
    'verify out/slave/one --key k.pem --json',
    'verify gone --key k.pem',
    'lock x.yaml --update curl',
    'lock check x.yaml',
    'drift fleet.yaml --expect slave/a',
  ]) {
    const { chosen, err } = await read(line);
    expect([line, err]).toEqual([line, '']);
    expect(chosen).toBeDefined();
  }
});

test('ingot bench prints how to measure today: exit status 2', async () => {
  const error = await rejection(commandLine(fakeWorld().world, ['bench', 'x.yaml', '--list']));
  expect(error.exitCode).toBe(2);
  expect(error.hint).toContain('make bench');
});
