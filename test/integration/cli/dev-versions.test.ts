import { existsSync } from 'node:fs';
import { cp, mkdir, readdir, readFile, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { commandLine } from '../../../src/cli/command-line.ts';
import { makeKeyFiles } from '../../../src/version/key-files.ts';
import { devVersionName, writeDevVersion } from '../../samples/dev-version.ts';
import { rejection, sharedFolder, temporaryFolder } from '../../samples/temporary.ts';
import { fakeWorld } from '../../samples/world.ts';
import { type ToyCluster, toyCluster } from './toy-cluster.ts';

async function ingot(cwd: string, ...args: readonly string[]) {
  const { world, out, err } = fakeWorld({ cwd, env: { INGOT_STATE: join(cwd, 'state') } });
  return { status: await commandLine(world, args), out: out(), err: err() };
}

describe('a development version', () => {
  /** A store with one that somebody has copied to where the versions of the store are. */
  async function copied() {
    const folder = await temporaryFolder();
    const dev = await writeDevVersion(join(folder, 'out', 'dev', 'slave'), 'slave');
    await makeKeyFiles(join(folder, 'release'));
    const stored = join(folder, 'out', 'slave', devVersionName);
    await cp(dev, stored, { recursive: true });
    await symlink(devVersionName, join(folder, 'out', 'slave', 'latest'));
    return { folder, dev, stored };
  }
  const key = ['--key', 'release.pub.pem'];
  const sign = ['--sign', 'release.pem'];

  test.each<[string, readonly string[]]>([
    ['verified', ['verify', 'out/dev/slave', ...key]],
    ['boot-tested for use', ['boot-test', 'out/dev/slave', ...key]],
    ['signed', ['sign', 'out/dev/slave', ...sign]],
    ['published', ['publish', 'place', 'out/dev/slave', ...key]],
    [
      'published without a key',
      ['publish', 'place', 'out/dev/slave', '--allow-unverified', '--allow-stand-ins'],
    ],
    ['promoted by the word for it', ['promote', 'dev', 'candidate', ...sign, ...key]],
    [
      'promoted after it was copied into the store',
      ['promote', devVersionName, 'candidate', ...sign, ...key],
    ],
  ])('is not %s: the error says what it is', async (_, args) => {
    const { folder } = await copied();
    const error = await rejection(ingot(folder, ...args));
    expect(error).toMatchObject({ code: 'not-publishable', exitCode: 2 });
    expect(error.message).toContain('is a development version of the slave');
    expect(existsSync(join(folder, 'out', 'channels'))).toBe(false);
    expect(existsSync(join(folder, 'place'))).toBe(false);
  });

  test('is not listed as a version of the store', async () => {
    const folder = await temporaryFolder();
    await writeDevVersion(join(folder, 'out', 'dev', 'slave'), 'slave');
    const { out, err } = await ingot(folder, 'list');
    expect(out).not.toContain(devVersionName);
    expect(err).toContain('has no versions yet');
  });

  test('is removed by ingot gc only on request, and reported', async () => {
    const folder = await temporaryFolder();
    const dev = await writeDevVersion(join(folder, 'out', 'dev', 'slave'), 'slave');
    await mkdir(join(folder, 'out', 'dev', 'notes'));
    const gc = (...more: readonly string[]) => ingot(folder, 'gc', '--cache', 'cache', ...more);
    await gc('--keep-versions', '1');
    expect((await gc('--dev', '--dry-run')).out).toContain(`${dev}: 0 MiB would be freed\n`);
    expect(existsSync(dev)).toBe(true);
    expect((await gc('--dev')).out).toContain(`${dev}: 0 MiB freed\n`);
    expect(await readdir(join(folder, 'out', 'dev'))).toEqual(['notes']);
  });

  test('is missing for ingot shell where none was baked', async () => {
    const error = await rejection(ingot(await temporaryFolder(), 'shell', 'slave', 'dev'));
    expect(error.code).toBe('no-image');
    expect(error.hint).toContain('--role slave --fast');
  });
});

describe.skipIf(process.getuid?.() !== 0)('ingot bake --fast that fails', () => {
  const shared = sharedFolder();
  let cluster: ToyCluster;
  beforeAll(async () => {
    cluster = await toyCluster(shared());
    await cluster.offer({}, 'Sat, 21 Nov 2026 02:10:46 UTC');
    await ingot(cluster.folder, 'lock', cluster.spec, '--pool', cluster.pool, '--quiet');
  });
  afterAll(() => cluster.close());

  test('leaves the development version before as it was, and the store untouched', async () => {
    const { folder, spec, pool, cache, out } = cluster;
    const dev = await writeDevVersion(join(out, 'dev', 'slave'), 'slave', 'the one before');
    const places = ['--out', out, '--pool', pool, '--cache', cache];
    // The packages of the toy are not a system: composing fails.
    await expect(ingot(folder, 'bake', spec, '--role', 'slave', '--fast', ...places)).rejects.toThrow();
    expect(await readFile(join(dev, 'disk.raw'), 'utf8')).toBe('the one before');
    expect(await readdir(join(out, 'dev'))).toEqual(['slave']);
    expect((await readdir(out)).sort()).toEqual(['dev', 'runs']);
  });
});
