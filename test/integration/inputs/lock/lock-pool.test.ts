import { readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { makeHost } from '../../../../src/host/make-host.ts';
import { packagesOf } from '../../../../src/inputs/lock/lock.ts';
import { poolFiles } from '../../../../src/inputs/lock/wanted-files.ts';
import { exportLock, importLock } from '../../../../src/inputs/lock-archive.ts';
import { readLock } from '../../../../src/inputs/lock-file-of.ts';
import { fillPool } from '../../../../src/inputs/pool/fill-pool.ts';
import { verifyPool } from '../../../../src/inputs/pool/verify-pool.ts';
import { rejection } from '../../../samples/temporary.ts';
import { LockBench } from './lock-bench.ts';
import { flipByte } from './toy-source.ts';

let bench: LockBench;
beforeAll(async () => {
  bench = await LockBench.open();
});
beforeEach(() => bench.begin());
afterAll(() => bench.close());

const host = makeHost();

describe('the pool', () => {
  test('can be filled by several processes at the same time', async () => {
    const { lock } = await bench.lock();
    const files = poolFiles(lock)
      .filter(({ source: of }) => of === 'toy')
      .map((file) => ({
        ...file,
        urls: [`${bench.server.url}/${bench.site}/${file.path.replace(':', '%3a')}`],
      }));
    await rm(bench.pool, { recursive: true });
    await Promise.all([1, 2, 3].map(() => fillPool(host, bench.pool, files)));
    await verifyPool(bench.pool, files);
    expect(await readdir(join(bench.pool, 'partial'))).toEqual([]);
  });

  test('is exported with its lock to another machine, as an archive that always has the same bytes', async () => {
    const { lock } = await bench.lock();
    const [one, two] = [join(bench.folder, 'one.tar'), join(bench.folder, 'two.tar')];
    await exportLock(host, lock, bench.pool, one);
    await exportLock(host, lock, bench.pool, two);
    expect((await readFile(one)).equals(await readFile(two))).toBe(true);
    const there = join(bench.folder, 'there');
    expect(await importLock(host, one, there)).toEqual(await readLock(bench.specFile));
    await verifyPool(there, poolFiles(lock));
  });

  test('takes nothing from an archive with a changed byte', async () => {
    const { lock } = await bench.lock();
    const archive = join(bench.folder, 'one.tar');
    await exportLock(host, lock, bench.pool, archive);
    const bytes = await readFile(archive);
    const engine = packagesOf(lock).find(({ name }) => name === 'engine');
    await flipByte(archive, bytes.indexOf(`${engine?.sha256 ?? ''}.deb`) + 512 + 80);
    const there = join(bench.folder, 'there');
    const error = await rejection(importLock(host, archive, there));
    expect(error.message).toContain('nothing of it was taken');
    expect(error.excerpt).toEqual(['engine 1.0-1 (from toy) has other bytes than the lock says']);
    expect(await readdir(there, { recursive: true })).toEqual(['partial']);
    await writeFile(archive, 'no archive');
    expect((await rejection(importLock(host, archive, there))).message).toContain('nothing of it was taken');
  });
});
