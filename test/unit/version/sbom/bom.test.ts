import { expect, test } from 'vitest';
import { bomText } from '../../../../src/version/sbom/bom.ts';
import { distributionOf } from '../../../../src/version/sbom/distribution.ts';
import { bomFaults } from '../../../samples/bom-schema.ts';
import { describedRoot as root, knownPackage as known } from '../../../samples/known-package.ts';

const debian = distributionOf(
  'NAME="Debian GNU/Linux"\nVERSION_ID="12"\nVERSION_CODENAME=bookworm\nID=debian\n',
);

const packages = [
  known('libc6', { version: '2.36-9+b1', source: { name: 'glibc', version: '1:2.36-9' } }),
  known('curl', { needs: ['libc6'] }),
  known('mesos', { needs: ['curl'] }, 'local'),
];
const text = bomText(root, debian, packages);

interface Component {
  readonly name: string;
  readonly type: string;
  readonly purl?: string;
  readonly properties: readonly { readonly name: string; readonly value: string }[];
}
const bom = JSON.parse(text) as {
  components: Component[];
  dependencies: { ref: string; dependsOn: string[] }[];
  metadata: unknown;
};

test("the bill of materials is valid by CycloneDX's schema", async () => {
  expect(await bomFaults(text)).toBeNull();
  expect(await bomFaults(text.replace('"SHA-256"', '"SHA-255"'))).not.toBeNull();
});

test('the same packages give the same bytes, in whatever order they are given; others give another serial number', () => {
  expect(bomText(root, debian, packages.toReversed())).toBe(text);
  const serial = (one: string) => (JSON.parse(one) as { serialNumber: string }).serialNumber;
  expect(serial(bomText(root, debian, packages.slice(1)))).not.toBe(serial(text));
});

test('it names the image with its version, root hash and digest, at the date of the lock', () => {
  expect(bom.metadata).toMatchObject({
    timestamp: '2026-11-21T02:10:46.000Z',
    component: {
      name: 'ingot-slave',
      version: root.version,
      hashes: [{ alg: 'SHA-256', content: root.squashfsSha256 }],
      properties: [
        { name: 'ingot:manifestSha256', value: root.manifestSha256 },
        { name: 'ingot:rootHash', value: root.rootHash },
      ],
    },
  });
});

test('a package that is not from Debian is not listed as one', () => {
  expect(bom.components.map(({ purl }) => purl)).toEqual([
    undefined,
    'pkg:deb/debian/curl@1.0-1?arch=amd64&distro=debian-12',
    'pkg:deb/debian/libc6@2.36-9%2Bb1?arch=amd64&distro=debian-12&upstream=glibc%401:2.36-9',
    'pkg:deb/local/mesos@1.0-1?arch=amd64',
  ]);
  const [image, system] = bom.dependencies;
  expect(image?.dependsOn).toEqual(['debian@12', 'pkg:deb/local/mesos@1.0-1?arch=amd64']);
  expect(system?.dependsOn).toHaveLength(2);
});

test('the source package is where Trivy reads it, its version in three parts', () => {
  const libc = bom.components.find(({ name }) => name === 'libc6');
  expect(libc?.properties).toEqual([
    { name: 'aquasecurity:trivy:SrcName', value: 'glibc' },
    { name: 'aquasecurity:trivy:SrcVersion', value: '2.36' },
    { name: 'aquasecurity:trivy:SrcRelease', value: '9' },
    { name: 'aquasecurity:trivy:SrcEpoch', value: '1' },
    { name: 'ingot:bytes', value: '10' },
    { name: 'ingot:for', value: 'every node' },
  ]);
});

test('the dependencies of a package follow from its relations', () => {
  const of = (name: string) => bom.dependencies.find(({ ref }) => ref.includes(`/${name}@`))?.dependsOn;
  expect(of('mesos')).toEqual([expect.stringContaining('/curl@')]);
  expect(of('libc6')).toEqual([]);
});
