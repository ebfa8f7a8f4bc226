import { describe, expect, it } from 'vitest';
import { manifestHeadText, manifestTail } from '../../../src/version/manifest.ts';

describe('the manifest', () => {
  it('is one JSON document with the digests of kernel and initrd and one path a line', () => {
    const file = { name: 'vmlinuz-6.1', size: 1, sha256: 'ab' };
    const head = manifestHeadText({
      role: 'master',
      epoch: 1_795_305_600,
      compressionLevel: 3,
      boot: { kernel: file, initrd: file },
    });
    const text = head + ['{"path":"/"}', '{"path":"/a"}'].join(',\n') + manifestTail;
    expect(JSON.parse(text)).toEqual({
      schema: 1,
      role: 'master',
      date: '2026-11-22T00:00:00Z',
      compression: { algorithm: 'zstd', level: 3 },
      boot: { kernel: file, initrd: file },
      entries: [{ path: '/' }, { path: '/a' }],
    });
    expect(text.split('\n')).toHaveLength(5);
  });
});
