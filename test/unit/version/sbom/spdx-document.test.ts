import { expect, test } from 'vitest';
import { bomText } from '../../../../src/version/sbom/bom.ts';
import { spdxText } from '../../../../src/version/sbom/spdx-document.ts';
import { describedRoot as root, knownPackage as known } from '../../../samples/known-package.ts';
import { spdxSchema } from '../../../samples/spdx-schema.ts';

const debian = { id: 'debian', version: '12' };
const dep5 = (licence: string) =>
  `Format: https://www.debian.org/doc/packaging-manuals/copyright-format/1.0/\n\nFiles: *\nCopyright: x\nLicense: ${licence}\n`;
const packages = [
  known('libc6', { version: '2.36-9+b1', source: { name: 'glibc', version: '1:2.36-9' } }),
  { ...known('libstdc++6', { needs: ['libc6'] }), copyright: dep5('MIT') },
  { ...known('curl', { needs: ['libc6', 'libstdc++6'] }), copyright: dep5('curl and BSD-3-Clause') },
  known('mesos', { needs: ['curl'], maintainer: '' }, 'local'),
];
const text = spdxText(root, debian, packages);
const document = spdxSchema.parse(JSON.parse(text));
const named = (name: string) => document.packages.find((one) => one.name === name);

test('the document is one of SPDX 2.3, whose relationships name only its own elements', () => {
  const broken = text.replace(/("relatedSpdxElement": ")SPDXRef-Package-deb-libc6/, '$1SPDXRef-unknown');
  expect(broken).not.toBe(text);
  expect(spdxSchema.safeParse(JSON.parse(broken)).success).toBe(false);
});

test('it has the same packages, digests and package URLs as the CycloneDX document', () => {
  const bom = JSON.parse(bomText(root, debian, packages)) as {
    components: { purl?: string; hashes?: { content: string }[] }[];
  };
  const listed = bom.components.flatMap(({ purl, hashes }) =>
    purl === undefined ? [] : [[purl, hashes?.[0]?.content]],
  );
  const found = document.packages.flatMap(({ SPDXID, externalRefs, checksums }) =>
    SPDXID.startsWith('SPDXRef-Package')
      ? [[externalRefs?.[0]?.referenceLocator, checksums?.[0]?.checksumValue]]
      : [],
  );
  expect(found.sort()).toEqual(listed.sort());
});

test('the image is described, contains every package, and has the digest of its root', () => {
  const [described] = document.relationships.filter((one) => one.relationshipType === 'DESCRIBES');
  expect(described?.relatedSpdxElement).toBe('SPDXRef-Image-slave');
  const contained = document.relationships.filter((one) => one.relationshipType === 'CONTAINS');
  expect(contained).toHaveLength(packages.length + 1);
  expect(named('ingot-slave')?.checksums?.[0]?.checksumValue).toBe(root.squashfsSha256);
  expect(named('ingot-slave')?.comment).toContain(root.rootHash);
});

test('dependencies and source packages are named as scanners read them', () => {
  const needs = document.relationships.filter((one) => one.relationshipType === 'DEPENDS_ON');
  expect(needs.map((one) => [one.spdxElementId, one.relatedSpdxElement])).toContainEqual([
    'SPDXRef-Package-deb-libstdc-43--43-6-amd64',
    'SPDXRef-Package-deb-libc6-amd64',
  ]);
  expect(named('libc6')?.sourceInfo).toBe('built package from: glibc 1:2.36-9');
});

test('one licence is an expression; several are not joined, because the file does not say how', () => {
  expect(named('libstdc++6')?.licenseDeclared).toBe('MIT');
  expect(named('curl')?.licenseDeclared).toBe('NOASSERTION');
  expect(named('curl')?.licenseComments).toContain('BSD-3-Clause; curl');
  expect(named('mesos')?.supplier).toBe('NOASSERTION');
});

test('the same root and packages give the same bytes in any order, and another root another identity', () => {
  expect(spdxText(root, debian, packages.toReversed())).toBe(text);
  const other = spdxSchema.parse(
    JSON.parse(spdxText({ ...root, rootHash: 'd'.repeat(64) }, debian, packages)),
  );
  expect(other.documentNamespace).not.toBe(document.documentNamespace);
});
