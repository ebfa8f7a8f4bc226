import { expect, test } from 'vitest';
import { describeRoot } from '../../../../src/bake/build/describe-root.ts';
import type { GoldenRoot } from '../../../../src/bake/seal/seal.ts';
import { makeHost } from '../../../../src/host/make-host.ts';
import type { LockedPackage } from '../../../../src/inputs/lock/lock.ts';
import { bomFaults } from '../../../samples/bom-schema.ts';
import { lockedPackage, sampleLock } from '../../../samples/lock.ts';
import { spdxSchema } from '../../../samples/spdx-schema.ts';
import { rejection, temporaryFolder } from '../../../samples/temporary.ts';
import { vexSchema } from '../../../samples/vex-schema.ts';
import { type SmallPackage, smallRoot } from '../small-root.ts';

const host = makeHost();
const machineReadable =
  'Format: https://www.debian.org/doc/packaging-manuals/copyright-format/1.0/\n\nFiles: *\nCopyright: 2026 A\nLicense: GPL-2+ or Expat\n';
const packages: readonly SmallPackage[] = [
  {
    name: 'liba',
    fields: { Source: 'a (2:1.0-1)' },
    files: { 'usr/share/doc/liba/copyright': machineReadable },
  },
  // Debian allows a package to contain the folder of another: here through a link, and through a link that leads out of
  // the tree.
  { name: 'a-tools', fields: { Depends: 'liba (>= 1)' }, links: { 'usr/share/doc/a-tools': 'liba' } },
  { name: 'strange', links: { 'usr/share/doc/strange/copyright': '/etc/passwd' } },
  {
    name: 'mesos',
    fields: { Architecture: 'all', Version: '1.9.0-1.standin1', Depends: 'liba' },
    files: { 'usr/sbin/mesos-master': 'x'.repeat(1000), 'etc/mesos/zk': 'y'.repeat(20) },
  },
];
const sources = [
  { uris: ['http://mirror.example/debian'], suites: ['bookworm'], components: ['main'] },
  { uris: ['http://mirror.example/mesos'], suites: ['stable'], components: ['main'], label: 'mesos' },
];

interface Component {
  readonly name: string;
  readonly purl?: string;
  readonly licenses?: readonly unknown[];
  readonly properties?: readonly { readonly name: string; readonly value: string }[];
  readonly hashes?: readonly { readonly content: string }[];
}
interface Bom {
  readonly components: readonly Component[];
  readonly dependencies: readonly { readonly ref: string; readonly dependsOn: readonly string[] }[];
}

async function described(change: (locked: LockedPackage[]) => LockedPackage[] = (same) => same) {
  const { squashfs, locked } = await smallRoot(host, await temporaryFolder(), packages);
  const shared = change(locked).map((one) => (one.name === 'mesos' ? { ...one, source: 'mesos' } : one));
  const root = {
    ...{ role: 'master', version: '20261121-0123456789ab', epoch: 1_795_227_046, squashfs },
    ...{ rootHash: 'a'.repeat(64), squashfsSha256: 'b'.repeat(64), manifestSha256: 'c'.repeat(64) },
  } as GoldenRoot;
  const texts = await describeRoot(host, root, { lock: sampleLock({ shared }), sources });
  const text = texts.find(({ path }) => path === 'sbom.cdx.json')?.content ?? '';
  return { text, texts, bom: JSON.parse(text) as Bom, locked };
}

test('every package that dpkg installed in a root is in its bill of materials, with purl, licence and the digest of its .deb', async () => {
  const { text, bom, locked } = await described();
  expect(await bomFaults(text)).toBeNull();
  const found = bom.components.filter(({ purl }) => purl !== undefined);
  expect(found.map(({ purl }) => purl)).toEqual([
    'pkg:deb/debian/a-tools@1.0-1?arch=amd64&distro=debian-12',
    'pkg:deb/debian/liba@1.0-1?arch=amd64&distro=debian-12&upstream=a%402:1.0-1',
    'pkg:deb/debian/strange@1.0-1?arch=amd64&distro=debian-12',
    'pkg:deb/mesos/mesos@1.9.0-1.standin1?arch=all',
  ]);
  const digests = Object.fromEntries(locked.map(({ name, sha256 }) => [name, sha256]));
  for (const { name, hashes } of found) expect(hashes?.[0]?.content, name).toBe(digests[name]);
  const both = [{ license: { id: 'GPL-2.0-or-later' } }, { license: { id: 'MIT' } }];
  const none = [{ license: { name: 'NOASSERTION' } }];
  // The target of a link outside the tree belongs to the build host and is not read.
  expect(found.map(({ licenses }) => licenses)).toEqual([both, both, none, none]);
  expect(bom.dependencies.find(({ ref }) => ref.includes('/a-tools@'))?.dependsOn).toEqual([found[1]?.purl]);
});

test('the bill of materials has the bytes that each package takes in the root, and whether every node has the package', async () => {
  const { bom } = await described();
  const mesos = bom.components.find(({ name }) => name === 'mesos');
  expect(mesos?.properties).toEqual(
    expect.arrayContaining([
      { name: 'ingot:bytes', value: '1020' },
      { name: 'ingot:for', value: 'every node' },
    ]),
  );
});

test('the same root and lock give the same bytes', async () => {
  const { squashfs, locked } = await smallRoot(host, await temporaryFolder(), packages);
  const root = { role: 'slave', version: '1', epoch: 1_795_227_046, squashfs } as GoldenRoot;
  const digests = { rootHash: 'a', squashfsSha256: 'b'.repeat(64), manifestSha256: 'c' };
  const text = (shared: LockedPackage[]) =>
    describeRoot(host, { ...root, ...digests }, { lock: sampleLock({ shared }), sources });
  expect(await text(locked.toReversed())).toEqual(await text(locked));
});

test('a root whose packages differ from its lock is refused, and they are named', async () => {
  const error = await rejection(
    described((locked) => [...locked.filter(({ name }) => name !== 'strange'), lockedPackage('missing')]),
  );
  expect(error.code).toBe('wrong-root');
  expect(error.excerpt).toEqual(['strange 1.0-1 amd64', 'missing 1.0-1 amd64']);
});

test('the SPDX document has the same packages, and the statements about vulnerabilities are read from the root itself', async () => {
  const more = [
    ...packages,
    { name: 'cloud-init', links: { 'etc/systemd/system/cloud-init-hotplugd.socket': '/dev/null' } },
    {
      name: 'linux-image-1',
      fields: { Source: 'linux-signed-amd64 (1)' },
      files: {
        'usr/lib/modules/1/modules.builtin': 'kernel/sound/core/snd.ko\n',
        'usr/lib/modules/1/kernel/net/bluetooth/bluetooth.ko': 'x',
      },
    },
  ];
  const { squashfs, locked } = await smallRoot(host, await temporaryFolder(), more);
  const root = {
    ...{ role: 'master', version: '20261121-0123456789ab', epoch: 1_795_227_046, squashfs },
    ...{ rootHash: 'a'.repeat(64), squashfsSha256: 'b'.repeat(64), manifestSha256: 'c'.repeat(64) },
  } as GoldenRoot;
  const texts = await describeRoot(host, root, { lock: sampleLock({ shared: locked }), sources });
  const read = (name: string): unknown => JSON.parse(texts.find(({ path }) => path === name)?.content ?? '');
  const spdx = spdxSchema.parse(read('sbom.spdx.json'));
  expect(spdx.packages.map(({ name }) => name)).toEqual([
    ...['ingot-master', 'debian'],
    ...more.map(({ name }) => name).sort(),
  ]);
  const stated = vexSchema.parse(read('vex.openvex.json')).statements.map(({ vulnerability: { name } }) => name); // prettier-ignore
  // masked, and not there
  expect(stated).toEqual(expect.arrayContaining(['CVE-2024-11584', 'CVE-2022-3238']));
  // there as a file, and built in
  expect(stated).not.toContain('CVE-2024-21803');
  expect(stated).not.toContain('CVE-2020-11725');
});
