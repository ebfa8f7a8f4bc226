import { readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { lockText } from '../../../../src/inputs/lock/lock-file.ts';
import { poolFiles } from '../../../../src/inputs/lock/wanted-files.ts';
import { readLock } from '../../../../src/inputs/lock-file-of.ts';
import { verifyPool } from '../../../../src/inputs/pool/verify-pool.ts';
import { rejection } from '../../../samples/temporary.ts';
import { LockBench, newer, offered } from './lock-bench.ts';
import { flipByte } from './toy-source.ts';

let bench: LockBench;
beforeAll(async () => {
  bench = await LockBench.open();
});
beforeEach(() => bench.begin());
afterAll(() => bench.close());

describe('damaged or forged input is found and named, and nothing is written', () => {
  test('one byte of a pooled .deb: named, and fetched again by the next lock', async () => {
    const { lock } = await bench.lock();
    await flipByte(bench.pooledFile(lock, 'engine'));
    const error = await rejection(verifyPool(bench.pool, poolFiles(lock)));
    expect(error.excerpt).toHaveLength(1);
    expect(error.excerpt[0]).toMatch(/^engine 1\.0-1 \(from toy\) has other bytes than the lock says/);
    expect(error.exitCode).toBe(2);
    expect((await bench.lock()).fetched).toBe(1);
    await verifyPool(bench.pool, poolFiles(lock));
  });

  test('one byte of the lock', async () => {
    const { lock } = await bench.lock();
    await flipByte(bench.lockFile, lockText(lock).indexOf('1.0-1'));
    const error = await rejection(readLock(bench.specFile));
    expect(error.message).toContain('cluster.lock.json is not a lock of ingot, or was changed by hand');
  });

  test('one byte of a Release file', async () => {
    await flipByte(join(bench.all, bench.site, 'dists/toy/InRelease'), 60);
    const error = await rejection(bench.lock());
    expect(error.message).toContain(
      `the source toy (${bench.server.url}/${bench.site}/ toy): its Release file was altered`,
    );
    expect(bench.hasLockFile()).toBe(false);
  });

  test('one byte of an index', async () => {
    await flipByte(join(bench.all, bench.site, 'dists/toy/main/binary-amd64/Packages'));
    expect((await rejection(bench.lock())).message).toMatch(
      /: an index of it is not the one that its Release file names$/,
    );
    expect(bench.hasLockFile()).toBe(false);
  });

  test('a source without a signature, unless the spec trusts it', async () => {
    await bench.offer(offered, { unsigned: true });
    expect((await rejection(bench.lock())).message).toMatch(/: it is not signed$/);
    expect(bench.hasLockFile()).toBe(false);
    const { uris, suites, components } = bench.source();
    const { lock } = await bench.lock({
      plan: bench.plan(['tool'], [{ uris, suites, components, trusted: true }]),
    });
    expect(lock.sources[0]?.release.keys).toEqual([]);
  });

  test('a truncated download', async () => {
    bench.server.cut = 'engine_1.0-1';
    const error = await rejection(bench.lock()).finally(() => {
      bench.server.cut = undefined;
    });
    expect(error.excerpt[0]).toBe('engine 1.0-1 (from toy)');
    expect(bench.hasLockFile()).toBe(false);
    expect((await bench.lock()).written).toBe(true);
  });

  test('bytes that differ from the index', async () => {
    await flipByte(join(bench.all, bench.site, 'pool/engine_1.0-1_all.deb'));
    const error = await rejection(bench.lock());
    expect(error.excerpt.join('\n')).toMatch(/^engine 1\.0-1 \(from toy\)\n.*Hash Sum mismatch/);
    expect(bench.hasLockFile()).toBe(false);
    const files = await readdir(bench.pool, { recursive: true });
    expect(files.filter((name) => name.endsWith('.deb'))).toHaveLength(4);
  });

  test('a package that is neither in the source nor in the pool; in the pool it is enough', async () => {
    const { lock } = await bench.lock();
    await bench.offer(newer);
    expect((await bench.lock()).written).toBe(false);
    await rm(bench.pooledFile(lock, 'engine'));
    const error = await rejection(bench.lock());
    expect(error.excerpt[0]).toBe('engine 1.0-1 (from toy)');
    expect(error.hint).toContain('--update');
  });

  test('a downgrade', async () => {
    await bench.offer(newer);
    await bench.lock();
    const before = await bench.written();
    await bench.offer(offered);
    const error = await rejection(bench.lock({ update: 'all' }));
    expect(error.excerpt).toContain('zk 3:3.8-1 is older than the locked 3:3.9-1');
    expect(await bench.written()).toBe(before);
  });

  test('other bytes under the locked version', async () => {
    await bench.lock();
    const before = await bench.written();
    const forged = offered.map((one) => (one.name === 'engine' ? { ...one, content: 'forged' } : one));
    await bench.offer(forged);
    const error = await rejection(bench.lock({ update: 'all' }));
    expect(error.excerpt).toEqual(['engine 1.0-1 has other bytes than the locked one of this version']);
    const kept = await rejection(bench.lock({ update: ['tool'] }));
    expect(kept.excerpt.join('\n')).toMatch(/^engine 1\.0-1\n {2}toy: [0-9a-f]{64}\n {2}the lock before: /);
    expect(await bench.written()).toBe(before);
  });

  test('two sources with different bytes under one version', async () => {
    const third = `${bench.site}-third`;
    await bench.offer([{ name: 'engine', version: '1.0-1', content: 'other' }], {}, third);
    const error = await rejection(
      bench.lock({ plan: bench.plan(['tool'], [bench.source(), bench.source(third, 'mesos')]) }),
    );
    expect(error.excerpt.join('\n')).toMatch(
      /^engine 1\.0-1\n {2}toy: [0-9a-f]{64}\n {2}mesos: [0-9a-f]{64}$/,
    );
    expect(bench.hasLockFile()).toBe(false);
  });

  test('a package that no source has', async () => {
    const error = await rejection(bench.lock({ plan: bench.plan(['tool', 'nonesuch']) }));
    expect(error.message).toBe('the sources do not have what is asked for both roles:');
    expect(error.excerpt.join()).toContain('nonesuch');
    expect(bench.hasLockFile()).toBe(false);
  });
});
