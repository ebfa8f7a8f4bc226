import { describe, expect, test } from 'vitest';
import { changesBetween, changesTable, downgrades } from '../../../../src/inputs/lock/lock-diff.ts';
import { refuseDoubtfulChanges } from '../../../../src/inputs/lock/refuse-doubtful-changes.ts';
import { lockedPackage, sampleLock } from '../../../samples/lock.ts';
import { ingotErrorOf } from '../../../samples/spec.ts';

const before = sampleLock({
  shared: [lockedPackage('curl', { version: '7.1-1' }), lockedPackage('gone'), lockedPackage('same')],
  master: [lockedPackage('mesos', { source: 'local' })],
  slave: [lockedPackage('mesos', { source: 'local' })],
});
const now = sampleLock({
  shared: [
    lockedPackage('curl', { version: '7.1-1+deb12u1', source: 'bookworm-security' }),
    lockedPackage('fresh'),
    lockedPackage('same'),
  ],
  master: [lockedPackage('mesos', { source: 'local', sha256: 'b'.repeat(64) })],
  slave: [lockedPackage('mesos', { source: 'local', sha256: 'b'.repeat(64) })],
});

describe('the changes between two locks', () => {
  test('are listed as package, old version, new version and whether it is a security update', () => {
    expect(changesTable(changesBetween(before, now))).toBe(
      [
        'package  old    new                  security  in',
        'curl     7.1-1  7.1-1+deb12u1        yes       shared',
        'fresh    (new)  1.0-1                no        shared',
        'gone     1.0-1  (gone)                         shared',
        'mesos    1.0-1  1.0-1 (other bytes)            master, slave',
        '',
      ].join('\n'),
    );
  });

  test('are empty between a lock and itself', () => {
    expect(changesBetween(now, now)).toEqual([]);
  });
});

describe('an offer of a source is refused', () => {
  test('if it is older than the lock, with both versions', () => {
    expect(downgrades(now, before).map(({ name }) => name)).toEqual(['curl']);
    const error = ingotErrorOf(() => {
      refuseDoubtfulChanges(now, before, []);
    });
    expect(error.excerpt).toEqual(['curl 7.1-1 is older than the locked 7.1-1+deb12u1']);
    expect(error.hint).toContain('--update curl');
  });

  test('if it has other bytes under the same version', () => {
    const other = sampleLock({ shared: [lockedPackage('a', { sha256: 'c'.repeat(64) })] });
    const error = ingotErrorOf(() => {
      refuseDoubtfulChanges(sampleLock(), other, []);
    });
    expect(error.excerpt).toEqual(['a 1.0-1 has other bytes than the locked one of this version']);
  });

  test('but not if the user named the package, or the .deb belongs to the spec', () => {
    expect(() => {
      refuseDoubtfulChanges(now, before, ['curl']);
    }).not.toThrow();
  });
});
