import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { Lock } from '../../../../src/inputs/lock/lock.ts';
import { lockText } from '../../../../src/inputs/lock/lock-file.ts';
import { poolFiles } from '../../../../src/inputs/lock/wanted-files.ts';
import { stalenessOf } from '../../../../src/inputs/lock-staleness.ts';
import { verifyPool } from '../../../../src/inputs/pool/verify-pool.ts';
import { LockBench, newer, offered as older } from './lock-bench.ts';
import { buildDeb } from './toy-source.ts';

let bench: LockBench;
beforeAll(async () => {
  bench = await LockBench.open();
});
beforeEach(() => bench.begin());
afterAll(() => bench.close());

const names = (lock: Lock, group: 'shared' | 'master' | 'slave'): string[] =>
  lock.packages[group].map(({ name, version }) => `${name} ${version}`).sort();

describe('a lock', () => {
  test('contains every package of both roles, each source with its signature, one date and no host name', async () => {
    const { lock } = await bench.lock();
    expect(names(lock, 'shared')).toEqual(['libtool-one 1.0-1', 'tool 1.0-1']);
    expect(names(lock, 'master')).toEqual(['mesos 1.9.0-1', 'zk 3:3.8-1']);
    expect(names(lock, 'slave')).toEqual(['engine 1.0-1', 'mesos 1.9.0-1']);
    expect(lock.date).toBe('2026-11-21T02:10:46Z');
    expect(lock.sources.map(({ name, release }) => [name, release.keys.length])).toEqual([['toy', 1]]);
    expect(await bench.written()).toBe(lockText(lock));
    expect(await bench.written()).not.toContain('127.0.0.1');
    expect(await bench.written()).not.toContain(bench.all);
    await verifyPool(bench.pool, poolFiles(lock));
  });

  test('stays unchanged while it matches the spec, whatever the source offers now', async () => {
    await bench.lock();
    const before = await bench.written();
    await bench.offer(newer);
    expect(await bench.lock()).toMatchObject({ written: false, fetched: 0, changes: [] });
    expect(await bench.written()).toBe(before);
  });

  test('keeps its versions when the spec adds packages, from the pool if the source no longer has them', async () => {
    await bench.lock();
    await bench.offer([...newer, { name: 'extra', version: '1-1', depends: 'libtool-one' }]);
    const { lock, changes } = await bench.lock({ plan: bench.plan(['extra', 'tool']) });
    expect(changes.map(({ name }) => name)).toEqual(['extra']);
    expect(names(lock, 'shared')).toEqual(['extra 1-1', 'libtool-one 1.0-1', 'tool 1.0-1']);
  });

  test('takes the newest of everything with --update, and reports what changed', async () => {
    await bench.lock();
    await bench.offer(newer, { date: 'Sun, 22 Nov 2026 02:10:46 UTC' });
    const { lock, changes } = await bench.lock({ update: 'all' });
    expect(changes.map(({ name, old, now }) => `${name} ${old ?? ''} ${now ?? ''}`)).toEqual([
      'engine 1.0-1 1.1-1',
      'libtool-one 1.0-1 1.1-1',
      'tool 1.0-1 1.1-1',
      'zk 3:3.8-1 3:3.9-1',
    ]);
    expect(lock.date).toBe('2026-11-22T02:10:46Z');
  });

  test('stays as it is in a nightly update if only the date of the source is newer', async () => {
    await bench.lock();
    const before = await bench.written();
    await bench.offer(older, { date: 'Sun, 22 Nov 2026 02:10:46 UTC' });
    const found = await bench.lock({ update: 'all', keepSame: true });
    expect(found).toMatchObject({ written: false, changes: [] });
    expect(await bench.written()).toBe(before);
    // Any other update takes the date of the source.
    expect((await bench.lock({ update: 'all' })).lock.date).toBe('2026-11-22T02:10:46Z');
    await bench.offer(newer, { date: 'Mon, 23 Nov 2026 02:10:46 UTC' });
    expect(await bench.lock({ update: 'all', keepSame: true })).toMatchObject({ written: true });
  });

  test('takes only the named package with --update NAME, and the changes that it requires', async () => {
    await bench.lock();
    await bench.offer(newer);
    const { changes } = await bench.lock({ update: ['tool'] });
    expect(changes.map(({ name }) => name)).toEqual(['libtool-one', 'tool']);
  });

  test('no longer matches after the bytes of a .deb of the spec change', async () => {
    const { lock } = await bench.lock();
    expect(await stalenessOf(lock, bench.plan(), bench.specFile)).toEqual([]);
    await buildDeb(bench.folder, { name: 'mesos', version: '1.9.0-1', content: 'other' });
    expect(await stalenessOf(lock, bench.plan(), bench.specFile)).toEqual([
      '.debs: mesos_1.9.0-1_all.deb is no longer the file that was locked',
    ]);
  });
});
