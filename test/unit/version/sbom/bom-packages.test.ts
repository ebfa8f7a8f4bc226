import { describe, expect, it } from 'vitest';
import { bomPackages } from '../../../../src/version/sbom/bom-packages.ts';

const sha256 = 'a'.repeat(64);

describe('the packages of a bill of materials', () => {
  it('are those of Debian, with their source packages', () => {
    const property = (name: string, value: string) => ({ name: `aquasecurity:trivy:${name}`, value });
    const component = {
      name: 'bsdutils',
      version: '1:2.38.1-5+deb12u3',
      purl: 'pkg:deb/debian/bsdutils@1:2.38.1-5%2Bdeb12u3?arch=amd64&distro=debian-12',
      hashes: [{ alg: 'SHA-256', content: sha256 }],
      properties: [
        property('SrcName', 'util-linux'),
        property('SrcVersion', '2.38.1'),
        property('SrcRelease', '5+deb12u3'),
      ],
    };
    const text = JSON.stringify({ components: [{ name: 'debian', version: '12' }, component] });
    expect(bomPackages(text)).toEqual([
      {
        name: 'bsdutils',
        version: '1:2.38.1-5+deb12u3',
        architecture: 'amd64',
        sha256,
        source: { name: 'util-linux', version: '2.38.1-5+deb12u3' },
      },
    ]);
  });

  it('are empty if the text is not a bill of materials', () => {
    expect(bomPackages('')).toBeUndefined();
    expect(bomPackages('{"components": 1}')).toBeUndefined();
  });
});
