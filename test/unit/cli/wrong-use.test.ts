import { describe, expect, test } from 'vitest';
import { commandLine } from '../../../src/cli/command-line.ts';
import { rejection } from '../../samples/temporary.ts';
import { fakeWorld } from '../../samples/world.ts';

const folder = import.meta.dirname;

async function refused(args: readonly string[]): Promise<string> {
  const { world, out, err } = fakeWorld();
  expect(await commandLine(world, args)).toBe(2);
  expect(out()).toBe('');
  return err();
}

describe('wrong use of a command exits with 2, with the reason and nothing on stdout:', () => {
  test.each<[string, string[], string]>([
    ['a version without a key', ['verify', folder], 'signed the versions: --key FILE'],
    ['no folder', ['verify'], 'missing required argument'],
    [
      'a firmware for files that are not booted',
      ['verify', folder, '--key', 'k.pem', '--firmware', 'uefi'],
      "unknown option '--firmware'",
    ],
    ['two specs', ['boot-test', 'x.yaml', 'y.yaml'], 'name one spec, or version folders with --key FILE'],
    ['required drills for a spec', ['boot-test', 'x.yaml', '--rehearsed', 'rise'], '--rehearsed is only for'],
    ['a boot test of only one role', ['boot-test', 'x.yaml', '--role', 'slave'], "unknown option '--role'"],
    ['a key for a comparison', ['reproduce', 'x.yaml', '--key', 'k.pem'], "unknown option '--key'"],
    ['two specs for ingot reproduce', ['reproduce', 'x.yaml', 'y.yaml'], 'too many arguments'],
    ['a fast bake of both roles', ['bake', 'x.yaml', '--fast'], '--role master or --role slave'],
    [
      'a release for a look',
      ['bake', 'x.yaml', '--fast', '--role', 'slave', '--release'],
      '--fast and --release contradict each other',
    ],
    [
      'a signed version for a look',
      ['bake', 'x.yaml', '--fast', '--role', 'slave', '--sign', 'k.pem'],
      '--fast and --sign contradict each other',
    ],
    [
      'several specs for a look',
      ['bake', 'x.yaml', 'y.yaml', '--fast', '--role', 'slave'],
      '--fast is for one spec',
    ],
    [
      'an explanation of several specs',
      ['bake', 'x.yaml', 'y.yaml', '--explain'],
      '--explain is for one spec',
    ],
    ['no processors', ['bake', 'x.yaml', '--processors', '0'], 'whole number from 1'],
    ['no inventory', ['drift'], "missing required argument 'inventory'"],
    ['no archive', ['lock', 'export', 'x.yaml'], "missing required argument 'file'"],
    [
      'an option before the subcommand, which would be lost',
      ['lock', '--pool', 'p', 'check', 'x.yaml'],
      'write --pool after lock check',
    ],
    ['an age that is not a time', ['drift', 'f', '--max-age', 'old'], 'such as 30s, 15m, 2h or 1d'],
    ['a rehearsal of nothing', ['rehearse'], 'name the cluster.yaml'],
    [
      'drills that are selected twice',
      ['rehearse', 'x.yaml', '--quick', '--drills', 'task'],
      '--quick and --drills',
    ],
    ['an even number of masters', ['rehearse', 'x.yaml', '--masters', '2'], 'odd number'],
    ['an upgrade to nothing', ['rehearse', 'x.yaml', '--to', 'latest'], '--to and --wave are for an upgrade'],
    [
      'an upgrade to the same version',
      ['rehearse', 'x.yaml', '--no-drain'],
      '--no-drain and --no-fall-back are for an upgrade',
    ],
    [
      'an upgrade with drills',
      ['rehearse', 'x.yaml', '--from', 'v', '--quick'],
      'an upgrade has its own drills',
    ],
  ])('%s', async (_, args, reason) => {
    expect(await refused(args)).toContain(reason);
  });
});

describe('refused before a version is read:', () => {
  test.each([
    ['a key that does not exist', [folder, '--key', 'none.pem'], 'none.pem cannot be read: ENOENT'],
    [
      'a file that is not a key',
      [folder, '--key', import.meta.filename],
      'does not contain a readable public key',
    ],
  ])('%s', async (_, args, reason) => {
    const error = await rejection(commandLine(fakeWorld().world, ['verify', ...args]));
    expect(error.exitCode).toBe(2);
    expect(error.message).toContain(reason);
  });

  test('a boot test of a version folder needs a key', async () => {
    const error = await rejection(commandLine(fakeWorld().world, ['boot-test', folder]));
    expect(error.exitCode).toBe(2);
    expect(error.message).toBe(`${folder} is a version folder, and no public key was given`);
  });
});
