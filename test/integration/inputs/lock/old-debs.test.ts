import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { sourceOf } from '../../../../src/inputs/plan/package-origin.ts';
import { rejection } from '../../../samples/temporary.ts';
import { lockIn, toyPlan } from './toy-lock.ts';
import { buildDeb, endKey, makeKey, publish, publishFlat, type ToyDeb, type ToyKey } from './toy-source.ts';

// Dependencies of the real packages: deb_ of mesos-deb-packaging's build_mesos, and FPM_OPTS_DEB of marathon's
// tools/packager/Makefile.
const java = 'java-runtime-headless | java2-runtime-headless | default-jre';
const rest = 'libevent-dev, libsvn1, libsasl2-modules, libcurl4-openssl-dev';
const debian9: ToyDeb = {
  name: 'mesos',
  version: '1.9.0-2.0.1.debian9',
  depends: `${java}, libcurl3, ${rest}`,
};
const debian10: ToyDeb = {
  name: 'mesos',
  version: '1.9.0-2.0.1.debian10',
  depends: `${java}, libcurl4, ${rest}`,
};
const marathon: ToyDeb = {
  name: 'marathon',
  version: '1.11.24-1.0',
  depends: 'java8-runtime-headless, lsb-release, unzip',
};

// The part of Debian 12 that these packages use: its OpenJDK 17 provides Java 8.
const debian12: readonly ToyDeb[] = [
  { name: 'tool', version: '1-1' },
  ...[
    'libcurl4',
    'libevent-dev',
    'libsvn1',
    'libsasl2-modules',
    'libcurl4-openssl-dev',
    'lsb-release',
    'unzip',
  ].map((name) => ({ name, version: name === 'libcurl4' ? '7.88.1-10' : '1-1' })),
  {
    name: 'openjdk-17-jre-headless',
    version: '17.0.1-1',
    provides: 'java-runtime-headless (= 17), java2-runtime-headless, java8-runtime-headless',
  },
];

let all: string;
let key: ToyKey;
let number = 0;
beforeAll(async () => {
  all = await mkdtemp(join(tmpdir(), 'ingot-old-debs-'));
  key = await makeKey(all);
  await publish(join(all, 'debian'), key, debian12);
});
afterAll(async () => {
  await endKey(key);
  await rm(all, { recursive: true, force: true });
});

async function lockOf(debs: readonly ToyDeb[], packages = ['tool']) {
  const folder = join(all, `spec-${number++}`);
  await mkdir(folder);
  const lines = debs.map(({ name, version }) => `${name}:\n  deb: ${name}_${version}_all.deb\n`);
  await writeFile(join(folder, 'cluster.yaml'), lines.join(''));
  const named = debs.map(async (deb) => ({
    name: deb.name,
    packages: [deb.name],
    from: await buildDeb(folder, deb),
  }));
  const source = sourceOf({ url: `file:${join(all, 'debian')}`, key: key.publicKey }, ['toy'], all);
  return lockIn(folder, toyPlan([source], packages, await Promise.all(named)));
}
const refused = (...debs: ToyDeb[]) => rejection(lockOf(debs));

describe('locking a .deb of another Debian release reports which packages Debian 12 does not have', () => {
  test('Mesos for Debian 9: libcurl3, since when it is no longer available, and what works; none of apt’s messages', async () => {
    const error = await refused(debian9, marathon);
    expect(error.message).toContain(
      'cluster.yaml:2:8: mesos 1.9.0-2.0.1.debian9 depends on libcurl3, which no source of the spec has',
    );
    expect(error.message).toContain(
      'libcurl3 was last in Debian 9 (stretch), gone since Debian 10 (buster); Debian 12 has libcurl4',
    );
    expect(error.hint).toContain('mesos: clusterd');
    expect(error.hint).toContain('an apt source of your own');
    expect(`${error.message}${error.hint ?? ''}`).not.toMatch(
      /unmet|not going to be installed|broken packages/,
    );
    expect(error.exitCode).toBe(2);
  });

  test('Mesos for Debian 10 and Marathon depend only on packages that Debian 12 has', async () => {
    const { lock } = await lockOf([debian10, marathon]);
    expect(lock.packages.master.map(({ name }) => name)).toContain('openjdk-17-jre-headless');
  });

  test('every missing package is named at its .deb, with the alternatives', async () => {
    const error = await refused(
      { ...debian10, depends: 'libssl1.1 (>= 1.1.0), libevent-2.1-6 | libevent-2.0-5, libc-unheard-of' },
      { ...marathon, depends: 'oracle-java8-installer | openjdk-8-jre-headless' },
    );
    expect(error.message).toContain('depends on libssl1.1 (>= 1.1.0), ');
    expect(error.message).toContain(
      'libssl1.1 was last in Debian 11 (bullseye), gone since Debian 12 (bookworm)',
    );
    expect(error.message).toContain('depends on libevent-2.1-6 or libevent-2.0-5, ');
    expect(error.message).toContain('depends on libc-unheard-of, which no source of the spec has');
    expect(error.message).toContain('right: no source of the spec has it');
    expect(error.message).toContain(
      'cluster.yaml:4:8: marathon 1.11.24-1.0 depends on oracle-java8-installer or openjdk-8-jre-headless, ',
    );
    expect(error.message).toContain('openjdk-8-jre-headless was last in Debian 9 (stretch)');
  });

  test('a version that the sources do not have is reported with the one that they have', async () => {
    const error = await refused({ ...debian10, depends: 'libcurl4 (>= 8), java-runtime-headless (= 8)' });
    expect(error.message).toContain('depends on libcurl4 (>= 8): the sources have libcurl4 7.88.1-10');
    expect(error.message).toContain('depends on java-runtime-headless (= 8), ');
  });

  test('a package of a source that cannot be installed is reported with the dependency chain', async () => {
    await publish(join(all, 'debian'), key, [
      ...debian12,
      { name: 'between', version: '2-1', depends: 'libssl1.0.2' },
    ]);
    const error = await refused({ ...debian10, depends: 'between' });
    expect(error.message).toContain('depends on libssl1.0.2, by way of between 2-1, ');
  });

  test('a source of your own with the old package and its libraries works', async () => {
    const site = join(all, 'site');
    await publishFlat(site, './', { key, debs: [debian9, { name: 'libcurl3', version: '7.52.1-5' }] });
    const debian = sourceOf({ url: `file:${join(all, 'debian')}`, key: key.publicKey }, ['toy'], all);
    const own = { ...sourceOf({ url: `file:${site}`, key: key.publicKey }, ['./'], all), label: 'mesos' };
    const { lock } = await lockIn(join(all, `spec-${number++}`), toyPlan([debian, own], ['mesos']));
    const from = new Map(lock.packages.shared.map(({ name, source }) => [name, source]));
    expect([from.get('mesos'), from.get('libcurl3'), from.get('libsvn1')]).toEqual(['mesos', 'mesos', 'toy']);
  });

  test('packages that conflict are still reported in apt’s words', async () => {
    const error = await refused({ ...debian10, depends: 'libcurl4', conflicts: 'libcurl4' });
    expect(error.message).toContain('apt finds conflicting dependencies');
  });
});
