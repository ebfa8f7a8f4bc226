import fc from 'fast-check';
import { PackageURL } from 'packageurl-js';
import { expect, test } from 'vitest';
import { packageUrl } from '../../../../src/version/sbom/package-url.ts';

test.each([
  [
    { vendor: 'debian', name: 'curl', version: '7.50.3-1', architecture: 'i386', distribution: 'jessie' },
    'pkg:deb/debian/curl@7.50.3-1?arch=i386&distro=jessie',
  ],
  [
    { vendor: 'debian', name: 'attr', version: '1:2.4.47-2+b1', architecture: 'amd64' },
    'pkg:deb/debian/attr@1:2.4.47-2%2Bb1?arch=amd64',
  ],
  [
    {
      ...{ vendor: 'debian', name: 'libstdc++6', version: '12.2.0-14~rc1', architecture: 'amd64' },
      ...{ distribution: 'debian-12', upstream: 'gcc-12@12.2.0-14' },
    },
    'pkg:deb/debian/libstdc%2B%2B6@12.2.0-14~rc1?arch=amd64&distro=debian-12&upstream=gcc-12%4012.2.0-14',
  ],
])('a package is named as in the purl specification: %o', (name, url) => {
  expect(packageUrl(name)).toBe(url);
});

const word = (letters: string) =>
  fc.string({ unit: fc.constantFrom(...letters.split('')), minLength: 1, maxLength: 12 });

test('any name and version that dpkg allows can be read back from a package URL', () => {
  fc.assert(
    fc.property(
      word('abz019+.-'),
      word('AZaz09.+:~-'),
      fc.constantFrom('all', 'amd64', 'kfreebsd-amd64'),
      fc.option(word('az09.+:~@-'), { nil: undefined }),
      (name, version, architecture, upstream) => {
        const url = PackageURL.fromString(
          packageUrl({ vendor: 'debian', name, version, architecture, distribution: 'debian-12', upstream }),
        );
        expect(url).toMatchObject({ type: 'deb', namespace: 'debian', name, version });
        expect(url.qualifiers).toEqual({
          arch: architecture,
          distro: 'debian-12',
          ...(upstream === undefined ? {} : { upstream }),
        });
      },
    ),
  );
});

test('it contains only valid characters of a URL, and nothing ends a part too early', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary', minLength: 1, maxLength: 20 }), (text) => {
      const url = packageUrl({ vendor: 'v', name: 'n', version: text, architecture: 'all', upstream: text });
      expect(url).toMatch(/^pkg:deb\/v\/n@[A-Za-z0-9._~:%-]+\?arch=all&upstream=[A-Za-z0-9._~:%-]+$/);
    }),
  );
});
