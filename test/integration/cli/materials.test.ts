import { spawnSync } from 'node:child_process';
import { copyFile, readFile, stat, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { makeHost } from '../../../src/host/make-host.ts';
import { temporaryFolder } from '../../samples/temporary.ts';
import { buildIngot, removeBuilt } from '../built-ingot.ts';
import { buildDeb } from '../inputs/lock/toy-source.ts';

const host = makeHost();
let built: string;
beforeAll(async () => {
  built = await buildIngot();
});
afterAll(() => removeBuilt(built));

function ingot(args: readonly string[], env: Record<string, string> = {}) {
  const ran = spawnSync(process.execPath, [join(built, 'cli', 'main.js'), ...args], {
    encoding: 'utf8',
    env: { PATH: process.env['PATH'] ?? '', HOME: '/root', ...env },
  });
  return { exitCode: ran.status, out: ran.stdout, err: ran.stderr };
}

/** A spec with two valid .debs next to it. */
async function specFolder(mesos = 'mesos.deb', marathon = 'marathon.deb', more = '') {
  const folder = await temporaryFolder();
  for (const name of ['mesos', 'marathon'])
    await copyFile(await buildDeb(folder, { name, version: '1-1' }), join(folder, `${name}.deb`));
  const spec = join(folder, 'cluster.yaml');
  await writeFile(
    spec,
    `cluster: demo\nmasters: [10.0.0.11, 10.0.0.12, 10.0.0.13]\nmesos:\n  deb: ${mesos}\n${more}marathon:\n  deb: ${marathon}\n`,
  );
  return { folder, spec };
}

describe('ingot check opens the .debs of a spec', () => {
  test('valid ones pass, and one with another name if package: says so', async () => {
    expect(ingot(['check', (await specFolder()).spec])).toMatchObject({ exitCode: 0, err: '' });
    const { folder, spec } = await specFolder('engine.deb', 'marathon.deb', '  package: engine\n');
    await copyFile(await buildDeb(folder, { name: 'engine', version: '1-1' }), join(folder, 'engine.deb'));
    expect(ingot(['check', spec])).toMatchObject({ exitCode: 0, err: '' });
  });

  test('Mesos and Marathon swapped', async () => {
    const { spec } = await specFolder('marathon.deb', 'mesos.deb');
    const { exitCode, err } = ingot(['check', spec]);
    expect(exitCode).toBe(2);
    expect(err).toContain('cluster.yaml:4:8: ');
    expect(err).toContain(
      'has the package marathon, not mesos or aventer-mesos: the .debs of mesos and marathon are swapped',
    );
    expect(err).toContain('cluster.yaml:6:8: ');
  });

  test('another architecture, an incomplete file, a web page, an empty file and another archive', async () => {
    const { folder, spec } = await specFolder();
    const tree = join(folder, 'tree');
    const control =
      'Package: mesos\nVersion: 1-1\nArchitecture: arm64\nMaintainer: t <t@example.org>\nDescription: t\n';
    await host.run('mkdir', ['-p', join(tree, 'DEBIAN')]);
    await writeFile(join(tree, 'DEBIAN/control'), control);
    await host.run('dpkg-deb', ['--build', tree, join(folder, 'mesos.deb')]);
    const { size } = await stat(join(folder, 'marathon.deb'));
    await truncate(join(folder, 'marathon.deb'), size - 5);
    const { err } = ingot(['check', spec]);
    expect(err).toContain('mesos.deb is for the architecture arm64, the images are amd64');
    expect(err).toMatch(
      /marathon\.deb ends in the middle of data\.tar\S*: it has \d+ bytes, at least \d+ are needed/,
    );
    await writeFile(join(folder, 'mesos.deb'), '<html><body>login</body></html>');
    await writeFile(join(folder, 'marathon.deb'), '');
    const second = ingot(['check', spec]).err;
    expect(second).toContain('mesos.deb is an HTML page, not a Debian package');
    expect(second).toContain('marathon.deb is empty');
    await writeFile(
      join(folder, 'mesos.deb'),
      '!<arch>\nother.o/        0           0     0     100644  0         `\n',
    );
    expect(ingot(['check', spec]).err).toContain('mesos.deb is an archive, but not a Debian package');
  });

  test('the same package twice', async () => {
    const { spec } = await specFolder('marathon.deb', 'marathon.deb', '  package: marathon\n');
    expect(ingot(['check', spec]).err).toMatch(
      /marathon\.deb has the package marathon, and so has .*marathon\.deb/,
    );
  });
});

test('a password in a URL of the spec appears in nothing that ingot prints or writes', async () => {
  const folder = await temporaryFolder();
  const spec = join(folder, 'cluster.yaml');
  const source = (more = '') =>
    `{ source: { url: 'http://bob:hunter2@127.0.0.1:1/debian', suite: toy, trusted: true${more} } }`;
  const digest = 'a'.repeat(64);
  const text = (more = '') =>
    `cluster: demo\nmasters: [10.0.0.11, 10.0.0.12, 10.0.0.13]\nmesos: ${source(more)}\nmarathon: { deb: 'https://bob:hunter2@127.0.0.1:1/m.deb', sha256: ${digest} }\n`;
  await writeFile(spec, text());
  const out = join(folder, 'rendered');
  const pool = join(folder, 'pool');
  const ran = [
    ...[
      ['check', spec],
      ['check', '--json', spec],
      ['render', spec, '--out', out],
      ['lock', spec, '--pool', pool],
    ],
  ].map((args) => ingot(args, { TMPDIR: folder }));
  await writeFile(spec, text(", suite: 'a b'"));
  ran.push(ingot(['check', spec]));
  await writeFile(spec, text().replace('trusted: true', 'key: nokey.asc'));
  ran.push(ingot(['check', spec]));
  for (const { out: printed, err } of ran) expect(`${printed}${err}`).not.toContain('hunter2');
  expect(ran[0]?.out).toContain('http://127.0.0.1:1/debian toy main');
  expect(ran.map(({ exitCode }) => exitCode)).toEqual([0, 0, 0, 1, 2, 2]);
  const found = await host.run('grep', ['-r', '-l', 'hunter2', folder], { accept: [0, 1] });
  expect(found.stdout.trim().split('\n')).toEqual([spec]);
  expect(await readFile(spec, 'utf8')).toContain('hunter2');
});

test('an empty HOME is an error of its own, and no pool is created below the current folder', async () => {
  const { folder, spec } = await specFolder();
  const { exitCode, err } = ingot(['lock', spec], { HOME: '' });
  expect([exitCode, err.includes('HOME is empty'), err.includes('bug')]).toEqual([2, true, false]);
  const TMPDIR = join(folder, 'missing');
  const missing = ingot(['lock', spec], { TMPDIR });
  expect([
    missing.exitCode,
    missing.err.includes(`the folder for temporary files does not exist: ${TMPDIR}`),
  ]).toEqual([2, true]);
});
