import { describe, expect, test } from 'vitest';
import { commandLine } from '../../../src/cli/command-line.ts';
import { fakeWorld } from '../../samples/world.ts';

describe('ingot verify', () => {
  test.each([['--json'], ['--offline'], ['--role', 'slave'], ['--pool', '/pool']])(
    'has %s for --reproduce alone: without it that is wrong use',
    async (...flag) => {
      const { world, out, err } = fakeWorld();
      expect(await commandLine(world, ['verify', 'x.yaml', ...flag])).toBe(2);
      expect(out()).toBe('');
      expect(err()).toContain(`${flag[0]} is only for --reproduce`);
    },
  );

  const folder = import.meta.dirname;
  test.each<[string, string[], string]>([
    ['a folder without a key', [folder], '--key FILE'],
    ['a folder and a spec', [folder, 'x.yaml', '--key', 'k.pem'], 'x.yaml is no folder'],
    ['a spec with a key', ['x.yaml', '--key', 'k.pem'], 'x.yaml is no folder'],
    ['two specs', ['x.yaml', 'y.yaml'], 'one spec is verified at a time'],
    [
      'a spec with --boot, which it does anyway',
      ['x.yaml', '--boot'],
      '--boot is only for the folders of versions',
    ],
    ['--reproduce of a folder', [folder, '--key', 'k.pem', '--reproduce'], '--reproduce is only for a spec'],
    [
      'a firmware without --boot',
      [folder, '--key', 'k.pem', '--firmware', 'uefi'],
      '--firmware is only for nodes that boot',
    ],
    ['no argument', [], 'missing required argument'],
  ])('refuses %s as wrong use', async (_, args, reason) => {
    const { world, out, err } = fakeWorld();
    expect(await commandLine(world, ['verify', ...args])).toBe(2);
    expect(out()).toBe('');
    expect(err()).toContain(reason);
  });

  test.each([
    ['a key that is not there', 'none.pem', 'none.pem cannot be read: ENOENT'],
    ['a file that is no key', import.meta.filename, 'holds no public key that can be read'],
  ])('refuses %s, before it reads the version', async (_, key, reason) => {
    const { world } = fakeWorld();
    await expect(commandLine(world, ['verify', folder, '--key', key])).rejects.toMatchObject({
      exitCode: 2,
      message: expect.stringContaining(reason) as string,
    });
  });
});
