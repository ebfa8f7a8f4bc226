import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { makeHost } from '../../../../src/host/make-host.ts';
import { type Lock, packagesOf } from '../../../../src/inputs/lock/lock.ts';
import { lockText } from '../../../../src/inputs/lock/lock-file.ts';
import { poolFiles } from '../../../../src/inputs/lock/wanted-files.ts';
import { exportLock, importLock } from '../../../../src/inputs/lock-archive.ts';
import { readLock } from '../../../../src/inputs/lock-file-of.ts';
import { type LockRequest, type LockResult, lockSpec } from '../../../../src/inputs/lock-spec.ts';
import { stalenessOf } from '../../../../src/inputs/lock-staleness.ts';
import type { AptSource, Plan, RolePlan } from '../../../../src/inputs/plan/plan.ts';
import { fillPool } from '../../../../src/inputs/pool/fill-pool.ts';
import { pooledPath } from '../../../../src/inputs/pool/pool.ts';
import { verifyPool } from '../../../../src/inputs/pool/verify-pool.ts';
import { rejection } from '../../../samples/temporary.ts';
import {
  buildDeb,
  endKey,
  flipByte,
  makeKey,
  publish,
  type Publishing,
  serve,
  type ToyDeb,
  type ToyKey,
  type ToyServer,
} from './toy-source.ts';

const host = makeHost();
let all: string;
let key: ToyKey;
let server: ToyServer;
let number = 0;

beforeAll(async () => {
  all = await mkdtemp(join(tmpdir(), 'ingot-lock-'));
  key = await makeKey(all);
  server = await serve(all);
});
afterAll(async () => {
  await server.close();
  await endKey(key);
  await rm(all, { recursive: true, force: true });
});

/** The packages of the source unless a test changes them; none of them is essential. */
const offered: readonly ToyDeb[] = [
  { name: 'tool', version: '1.0-1', depends: 'libtool-one (= 1.0-1)' },
  { name: 'libtool-one', version: '1.0-1' },
  { name: 'zk', version: '3:3.8-1', depends: 'libtool-one' },
  { name: 'engine', version: '1.0-1' },
];
const newer: readonly ToyDeb[] = [
  { name: 'tool', version: '1.1-1', depends: 'libtool-one (= 1.1-1)' },
  { name: 'libtool-one', version: '1.1-1' },
  { name: 'zk', version: '3:3.9-1', depends: 'libtool-one' },
  { name: 'engine', version: '1.1-1' },
];

let site: string;
let folder: string;
let pool: string;
let specFile: string;
beforeEach(async () => {
  site = `site-${number++}`;
  folder = join(all, `spec-${site}`);
  pool = join(all, `pool-${site}`);
  specFile = join(folder, 'cluster.yaml');
  await mkdir(folder);
  await buildDeb(folder, { name: 'mesos', version: '1.9.0-1', depends: 'libtool-one' });
  await offer(offered);
});

const offer = (debs: readonly ToyDeb[], how?: Publishing): Promise<void> =>
  publish(join(all, site), key, debs, how);

const source = (at: string, label?: string): AptSource => ({
  ...{ uris: [`${server.url}/${at}/`], suites: ['toy'], components: ['main'], signedBy: key.publicKey },
  ...(label === undefined ? {} : { label }),
});

function plan(shared: readonly string[] = ['tool'], sources: readonly AptSource[] = [source(site)]): Plan {
  const role = (name: 'master' | 'slave', packages: readonly string[]): RolePlan => ({
    ...{ role: name, packages, layers: [], files: [], steps: [], unitsOn: [], unitsMasked: [] },
    ...{ kernelArguments: [], sysctls: {}, checks: [], memoryMiB: 1024, compressionLevel: 3 },
    debs: [{ name: 'mesos', from: join(folder, 'mesos_1.9.0-1_all.deb') }],
  });
  return {
    ...{
      cluster: 'demo',
      masters: [],
      quorum: 1,
      layout: 'mesosphere',
      scheduler: 'marathon',
      targets: ['qcow2'],
      confirmMinutes: 15,
      data: null,
      seed: { cluster: {}, files: [] },
    },
    epoch: 0,
    base: { distribution: 'debian', suite: 'toy', architecture: 'amd64', sources },
    sharedPackages: shared,
    roles: [role('master', ['zk']), role('slave', ['engine'])],
    guest: { cpus: 1, memoryMiB: 1, timeoutMinutes: 1 },
  };
}

const lockIt = (more: Partial<LockRequest> = {}): Promise<LockResult> =>
  lockSpec(host, {
    ...{ plan: plan(), credentials: [], specFile, pool, update: undefined },
    ...{ signal: new AbortController().signal, onLine: () => undefined },
    ...more,
  });
const written = (): Promise<string> => readFile(join(folder, 'cluster.lock.json'), 'utf8');
const names = (lock: Lock, group: 'shared' | 'master' | 'slave'): string[] =>
  lock.packages[group].map(({ name, version }) => `${name} ${version}`).sort();
const pooledFile = (lock: Lock, name: string): string =>
  pooledPath(pool, packagesOf(lock).find((one) => one.name === name)?.sha256 ?? '');
const nothingWritten = (): void => {
  expect(existsSync(join(folder, 'cluster.lock.json'))).toBe(false);
};

describe('a lock', () => {
  test('contains every package of both roles, each source with its signature, one date and no host name', async () => {
    const { lock } = await lockIt();
    expect(names(lock, 'shared')).toEqual(['libtool-one 1.0-1', 'tool 1.0-1']);
    expect(names(lock, 'master')).toEqual(['mesos 1.9.0-1', 'zk 3:3.8-1']);
    expect(names(lock, 'slave')).toEqual(['engine 1.0-1', 'mesos 1.9.0-1']);
    expect(lock.date).toBe('2026-11-21T02:10:46Z');
    expect(lock.sources.map(({ name, release }) => [name, release.keys.length])).toEqual([['toy', 1]]);
    expect(await written()).toBe(lockText(lock));
    expect(await written()).not.toContain('127.0.0.1');
    expect(await written()).not.toContain(all);
    await verifyPool(pool, poolFiles(lock));
  });

  test('stays unchanged while it matches the spec, whatever the source offers now', async () => {
    await lockIt();
    const before = await written();
    await offer(newer);
    expect(await lockIt()).toMatchObject({ written: false, fetched: 0, changes: [] });
    expect(await written()).toBe(before);
  });

  test('keeps its versions when the spec adds packages, from the pool if the source no longer has them', async () => {
    await lockIt();
    await offer([...newer, { name: 'extra', version: '1-1', depends: 'libtool-one' }]);
    const { lock, changes } = await lockIt({ plan: plan(['extra', 'tool']) });
    expect(changes.map(({ name }) => name)).toEqual(['extra']);
    expect(names(lock, 'shared')).toEqual(['extra 1-1', 'libtool-one 1.0-1', 'tool 1.0-1']);
  });

  test('takes the newest of everything with --update, and reports what changed', async () => {
    await lockIt();
    await offer(newer, { date: 'Sun, 22 Nov 2026 02:10:46 UTC' });
    const { lock, changes } = await lockIt({ update: 'all' });
    expect(changes.map(({ name, old, now }) => `${name} ${old ?? ''} ${now ?? ''}`)).toEqual([
      'engine 1.0-1 1.1-1',
      'libtool-one 1.0-1 1.1-1',
      'tool 1.0-1 1.1-1',
      'zk 3:3.8-1 3:3.9-1',
    ]);
    expect(lock.date).toBe('2026-11-22T02:10:46Z');
  });

  test('takes only the named package with --update NAME, and the changes that it requires', async () => {
    await lockIt();
    await offer(newer);
    const { changes } = await lockIt({ update: ['tool'] });
    expect(changes.map(({ name }) => name)).toEqual(['libtool-one', 'tool']);
  });

  test('no longer matches after the bytes of a .deb of the spec change', async () => {
    const { lock } = await lockIt();
    expect(await stalenessOf(lock, plan(), specFile)).toEqual([]);
    await buildDeb(folder, { name: 'mesos', version: '1.9.0-1', content: 'other' });
    expect(await stalenessOf(lock, plan(), specFile)).toEqual([
      '.debs: mesos_1.9.0-1_all.deb is no longer the file that was locked',
    ]);
  });
});

describe('damaged or forged input is found and named, and nothing is written', () => {
  test('one byte of a pooled .deb: named, and fetched again by the next lock', async () => {
    const { lock } = await lockIt();
    await flipByte(pooledFile(lock, 'engine'));
    const error = await rejection(verifyPool(pool, poolFiles(lock)));
    expect(error.excerpt).toHaveLength(1);
    expect(error.excerpt[0]).toMatch(/^engine 1\.0-1 \(from toy\) has other bytes than the lock says/);
    expect(error.exitCode).toBe(2);
    expect((await lockIt()).fetched).toBe(1);
    await verifyPool(pool, poolFiles(lock));
  });

  test('one byte of the lock', async () => {
    const { lock } = await lockIt();
    await flipByte(join(folder, 'cluster.lock.json'), lockText(lock).indexOf('1.0-1'));
    const error = await rejection(readLock(specFile));
    expect(error.message).toContain('cluster.lock.json is not a lock of ingot, or was changed by hand');
  });

  test('one byte of a Release file', async () => {
    await flipByte(join(all, site, 'dists/toy/InRelease'), 60);
    const error = await rejection(lockIt());
    expect(error.message).toContain(
      `the source toy (${server.url}/${site}/ toy): its Release file was altered`,
    );
    nothingWritten();
  });

  test('one byte of an index', async () => {
    await flipByte(join(all, site, 'dists/toy/main/binary-amd64/Packages'));
    expect((await rejection(lockIt())).message).toMatch(
      /: an index of it is not the one that its Release file names$/,
    );
    nothingWritten();
  });

  test('a source without a signature, unless the spec trusts it', async () => {
    await offer(offered, { unsigned: true });
    expect((await rejection(lockIt())).message).toMatch(/: it is not signed$/);
    nothingWritten();
    const { uris, suites, components } = source(site);
    const { lock } = await lockIt({ plan: plan(['tool'], [{ uris, suites, components, trusted: true }]) });
    expect(lock.sources[0]?.release.keys).toEqual([]);
  });

  test('a truncated download', async () => {
    server.cut = 'engine_1.0-1';
    const error = await rejection(lockIt()).finally(() => {
      server.cut = undefined;
    });
    expect(error.excerpt[0]).toBe('engine 1.0-1 (from toy)');
    nothingWritten();
    expect((await lockIt()).written).toBe(true);
  });

  test('bytes that differ from the index', async () => {
    await flipByte(join(all, site, 'pool/engine_1.0-1_all.deb'));
    const error = await rejection(lockIt());
    expect(error.excerpt.join('\n')).toMatch(/^engine 1\.0-1 \(from toy\)\n.*Hash Sum mismatch/);
    nothingWritten();
    const files = await readdir(pool, { recursive: true });
    expect(files.filter((name) => name.endsWith('.deb'))).toHaveLength(4);
  });

  test('a package that is neither in the source nor in the pool; in the pool it is enough', async () => {
    const { lock } = await lockIt();
    await offer(newer);
    expect((await lockIt()).written).toBe(false);
    await rm(pooledFile(lock, 'engine'));
    const error = await rejection(lockIt());
    expect(error.excerpt[0]).toBe('engine 1.0-1 (from toy)');
    expect(error.hint).toContain('--update');
  });

  test('a downgrade', async () => {
    await offer(newer);
    await lockIt();
    const before = await written();
    await offer(offered);
    const error = await rejection(lockIt({ update: 'all' }));
    expect(error.excerpt).toContain('zk 3:3.8-1 is older than the locked 3:3.9-1');
    expect(await written()).toBe(before);
  });

  test('other bytes under the locked version', async () => {
    await lockIt();
    const before = await written();
    const forged = offered.map((one) => (one.name === 'engine' ? { ...one, content: 'forged' } : one));
    await offer(forged);
    const error = await rejection(lockIt({ update: 'all' }));
    expect(error.excerpt).toEqual(['engine 1.0-1 has other bytes than the locked one of this version']);
    const kept = await rejection(lockIt({ update: ['tool'] }));
    expect(kept.excerpt.join('\n')).toMatch(/^engine 1\.0-1\n {2}toy: [0-9a-f]{64}\n {2}the lock before: /);
    expect(await written()).toBe(before);
  });

  test('two sources with different bytes under one version', async () => {
    const third = `${site}-third`;
    await publish(join(all, third), key, [{ name: 'engine', version: '1.0-1', content: 'other' }]);
    const error = await rejection(lockIt({ plan: plan(['tool'], [source(site), source(third, 'mesos')]) }));
    expect(error.excerpt.join('\n')).toMatch(
      /^engine 1\.0-1\n {2}toy: [0-9a-f]{64}\n {2}mesos: [0-9a-f]{64}$/,
    );
    nothingWritten();
  });

  test('a package that no source has', async () => {
    const error = await rejection(lockIt({ plan: plan(['tool', 'nonesuch']) }));
    expect(error.message).toBe('the sources do not have what is asked for both roles:');
    expect(error.excerpt.join()).toContain('nonesuch');
    nothingWritten();
  });
});

describe('the pool', () => {
  test('can be filled by several processes at the same time', async () => {
    const { lock } = await lockIt();
    const files = poolFiles(lock)
      .filter(({ source: of }) => of === 'toy')
      .map((file) => ({ ...file, urls: [`${server.url}/${site}/${file.path.replace(':', '%3a')}`] }));
    await rm(pool, { recursive: true });
    await Promise.all([1, 2, 3].map(() => fillPool(host, pool, files)));
    await verifyPool(pool, files);
    expect(await readdir(join(pool, 'partial'))).toEqual([]);
  });

  test('is exported with its lock to another machine, as an archive that always has the same bytes', async () => {
    const { lock } = await lockIt();
    const [one, two] = [join(folder, 'one.tar'), join(folder, 'two.tar')];
    await exportLock(host, lock, pool, one);
    await exportLock(host, lock, pool, two);
    expect((await readFile(one)).equals(await readFile(two))).toBe(true);
    const there = join(folder, 'there');
    expect(await importLock(host, one, there)).toEqual(await readLock(specFile));
    await verifyPool(there, poolFiles(lock));
  });

  test('takes nothing from an archive with a changed byte', async () => {
    const { lock } = await lockIt();
    const archive = join(folder, 'one.tar');
    await exportLock(host, lock, pool, archive);
    const bytes = await readFile(archive);
    const engine = packagesOf(lock).find(({ name }) => name === 'engine');
    await flipByte(archive, bytes.indexOf(`${engine?.sha256 ?? ''}.deb`) + 512 + 80);
    const there = join(folder, 'there');
    const error = await rejection(importLock(host, archive, there));
    expect(error.message).toContain('nothing of it was taken');
    expect(error.excerpt).toEqual(['engine 1.0-1 (from toy) has other bytes than the lock says']);
    expect(await readdir(there, { recursive: true })).toEqual(['partial']);
    await writeFile(archive, 'no archive');
    expect((await rejection(importLock(host, archive, there))).message).toContain('nothing of it was taken');
  });
});
