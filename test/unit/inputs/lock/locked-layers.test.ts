import { describe, expect, test } from 'vitest';
import { lockedLayer } from '../../../../src/inputs/fetched-layers/locked-layers.ts';
import { withLayers } from '../../../../src/inputs/lock/lock.ts';
import { layerLockChanges } from '../../../../src/inputs/lock/lock-diff.ts';
import { lockText, parseLock } from '../../../../src/inputs/lock/lock-file.ts';
import { layerChanges } from '../../../../src/inputs/lock/lock-requirements.ts';
import { sampleLock } from '../../../samples/lock.ts';
import { ingotErrorOf } from '../../../samples/spec.ts';

const origin = { name: 'site', git: 'https://git.example.org/site.git', ref: 'v1' };
const layer = { name: 'site', commit: 'c'.repeat(40), tree: 'd'.repeat(64), files: 3, size: 9 };

function lockOf(from = origin, fixed = layer) {
  const { question } = sampleLock();
  return withLayers(sampleLock({}, { question: { ...question, layers: [from] } }), [fixed]);
}

describe('a lock with layers', () => {
  test('is of the format 2, with a line for each layer, and gives the same lock when it is read', () => {
    const text = lockText(lockOf());
    expect(text).toContain('"version": 2,');
    expect(text).toContain(
      `    { "name": "site", "commit": "${layer.commit}", "tree": "${layer.tree}", "files": 3, "size": 9 }\n`,
    );
    expect(parseLock(text, 'x')).toEqual(lockOf());
  });

  test('that has none is of the format 1, which an older ingot reads', () => {
    expect(lockText(withLayers(lockOf(), []))).toContain('"version": 1,');
    expect(lockText(sampleLock())).not.toContain('layers');
  });

  test('of a newer format, or in which a digest was changed by hand, is refused', () => {
    const text = lockText(lockOf());
    const wrong = (changed: string) => ingotErrorOf(() => parseLock(changed, 'x')).message;
    expect(wrong(text.replace('"version": 2', '"version": 3'))).toContain('reads the formats 1 and 2');
    expect(wrong(text.replace(layer.tree, 'e'.repeat(64)))).toContain('changed by hand');
    expect(wrong(text.replace('"version": 2', '"version": 1'))).toContain('changed by hand');
  });

  test('answers a layer only with the same repository, ref and folder', () => {
    expect(lockedLayer(lockOf(), origin)).toEqual(layer);
    for (const other of [
      { ...origin, ref: 'v2' },
      { ...origin, git: 'https://git.example.org/other.git' },
      { ...origin, folder: 'a' },
      { ...origin, name: 'other' },
    ])
      expect(lockedLayer(lockOf(), other)).toBeUndefined();
  });

  test('says which ref the spec names, and which the lock has', () => {
    expect(layerChanges([origin], [{ ...origin, ref: 'v2' }])).toEqual([
      'layers: + site: https://git.example.org/site.git v2',
      'layers: - site: https://git.example.org/site.git v1',
    ]);
  });

  test('shows how a layer has changed since the last one', () => {
    const other = { ...layer, commit: 'e'.repeat(40), tree: 'f'.repeat(64) };
    const newer = lockOf({ ...origin, ref: 'v2' }, other);
    expect(layerLockChanges(lockOf(), newer)).toEqual(['layer site: v1 (cccccccccccc) → v2 (eeeeeeeeeeee)']);
    const same = lockOf({ ...origin, ref: 'v2' }, { ...other, tree: layer.tree });
    expect(layerLockChanges(lockOf(), same)[0]).toContain(', the same files');
    expect(layerLockChanges(lockOf(), lockOf())).toEqual([]);
    expect(layerLockChanges(lockOf(), sampleLock())).toEqual(['layer site: v1 (cccccccccccc) → (gone)']);
  });
});
