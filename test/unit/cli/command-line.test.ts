import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { cacheSizeLimit, parseSize } from '../../../src/bake/cache/cache-folder.ts';
import { commandLine } from '../../../src/cli/command-line.ts';
import { exitCodes } from '../../../src/host/ingot-error.ts';
import { toolVersion } from '../../../src/inputs/plan/tool-version.ts';
import { fakeWorld } from '../../samples/world.ts';

async function ingot(...args: string[]) {
  const { world, out, err } = fakeWorld();
  return { exitCode: await commandLine(world, args), out: out(), err: err() };
}

describe('the command line', () => {
  test.each([
    [['bak'], "unknown command 'bak'", 'Did you mean bake?'],
    [['check', '--jsn', 'x.yaml'], "unknown option '--jsn'", 'Did you mean --json?'],
    [
      ['bake', '--role', 'agent', 'x.yaml'],
      "argument 'agent' is invalid",
      'Allowed choices are master, slave.',
    ],
    [['check'], "missing required argument 'spec'", 'ingot check --help'],
    [['check', 'a.yaml', 'b.yaml'], 'too many arguments', 'ingot check --help'],
    [['render', 'x.yaml'], "required option '--out <folder>' not specified", 'ingot render --help'],
    [['--no-such'], "unknown option '--no-such'", 'ingot --help'],
  ])(
    '%j is wrong use: exit status 2, the error and the right form, nothing on stdout',
    async (args, wrong, right) => {
      const { exitCode, out, err } = await ingot(...args);
      expect({ exitCode, out }).toEqual({ exitCode: 2, out: '' });
      expect(err).toContain(wrong);
      expect(err).toContain(right);
    },
  );

  test('without a command lists the commands and is wrong use', async () => {
    const { exitCode, out, err } = await ingot();
    expect({ exitCode, out }).toEqual({ exitCode: 2, out: '' });
    expect(err).toContain('bake <spec>');
  });

  test('prints help on stdout when it is requested', async () => {
    const { exitCode, out, err } = await ingot('--help');
    expect({ exitCode, err }).toEqual({ exitCode: 0, err: '' });
    expect(out).toContain('Exit status:\n  0 done; 1 the work failed; 2 wrong use or wrong input; 3');
    for (const name of ['check', 'schema', 'render', 'doctor', 'bake', 'verify', 'boot-test', 'reproduce'])
      expect(out).toMatch(new RegExp(`^  ${name} `, 'm'));
    for (const name of ['INGOT_ACCEL', 'INGOT_POOL']) expect(out).toContain(name);
    expect((await ingot('render', '--help')).out).toContain('--diff');
    expect((await ingot('bake', '--help')).out).toContain('--locked');
  });

  test('lists every exit status, and the actual size limit of the cache', async () => {
    const { out } = await ingot('--help');
    const [, statuses = ''] = /^Exit status:\n(.*)$/m.exec(out) ?? [];
    expect([...statuses.matchAll(/\d+/g)].map(Number)).toEqual(Object.values(exitCodes));
    for (const help of [out, (await ingot('gc', '--help')).out]) {
      const [, size = ''] = /(?:default: |else\s+)(\d+GiB)/.exec(help) ?? [];
      expect(parseSize(size, 'size')).toBe(cacheSizeLimit({}));
    }
  });

  test('prints the version of package.json', async () => {
    const { version } = JSON.parse(
      readFileSync(new URL('../../../package.json', import.meta.url), 'utf8'),
    ) as { version: string };
    expect(toolVersion).toBe(version);
    expect(await ingot('--version')).toEqual({ exitCode: 0, out: `${version}\n`, err: '' });
  });
});
