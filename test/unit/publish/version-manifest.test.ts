import { expect, test } from 'vitest';
import { parseManifest } from '../../../src/oci/manifest.ts';
import { filesOf, namedInAnnotations, versionManifest } from '../../../src/publish/oci/version-manifest.ts';
import type { BootRecord } from '../../../src/version/boot-record.ts';

const boot: BootRecord = {
  ...{ schema: 1, role: 'slave', version: '20261122-aaaaaaaaaaaa', rootHash: 'a'.repeat(64), rootBytes: 1 },
  ...{ kernelArguments: [], memoryMiB: 1024 },
};
const sha256 = 'ab'.repeat(32);
const layer = (path: string) => ({
  mediaType: 'application/octet-stream',
  digest: `sha256:${sha256}`,
  size: 1,
  annotations: { 'org.opencontainers.image.title': path },
});

test('a manifest names its files and its version, and is the same each time', () => {
  const files = ['SHA256SUMS', 'netboot/boot.ipxe'].map((path) => ({ path, sha256, size: 5 }));
  const bytes = versionManifest(boot, files);
  expect(versionManifest(boot, files)).toEqual(bytes);
  const manifest = parseManifest(bytes.toString());
  expect(manifest?.artifactType).toBe('application/vnd.ingot.version.v1');
  expect(manifest && filesOf(manifest)).toEqual(files);
  const { role, version } = boot;
  expect(namedInAnnotations(manifest?.annotations)).toEqual({ role, version });
});

test('a manifest of others with a path outside of the version, or the same path twice, has no files', () => {
  for (const path of ['../x', '/etc/passwd', 'a/../../b', '', '.hidden', 'a//b', 'a\nb', 'a/.b', 'c:\\x'])
    expect(filesOf({ layers: [layer(path)] })).toBeUndefined();
  expect(filesOf({ layers: [layer('a'), layer('a')] })).toBeUndefined();
  expect(filesOf({ layers: [{ ...layer('a'), annotations: {} }] })).toBeUndefined();
  expect(filesOf({ layers: [layer('a/b-c_d.e')] })).toHaveLength(1);
});
