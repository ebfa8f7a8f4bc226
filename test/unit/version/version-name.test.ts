import { describe, expect, it, test } from 'vitest';
import { dayOfVersion, isVersionName, versionOf } from '../../../src/version/version-name.ts';

describe('the name of a version', () => {
  it('is the day of its packages and the beginning of its digest', () => {
    const name = versionOf(1_795_305_600, 'ab'.repeat(32));
    expect(name).toBe('20261122-abababababab');
    expect(isVersionName(name)).toBe(true);
    expect(dayOfVersion(name)).toBe(1_795_305_600);
  });

  test.each([
    'latest',
    '20261122-ABABABABABAB',
    '20261122-ababababab',
    '20261122-abababababab.removed-1',
    '../20261122-abababababab',
    '20261122-abababababab\n',
    '',
  ])('is not %j', (text) => {
    expect(isVersionName(text)).toBe(false);
    expect(dayOfVersion(text)).toBeUndefined();
  });
});
