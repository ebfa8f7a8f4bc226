import { expect, test } from 'vitest';
import { dependenciesOf } from '../../../../src/version/provenance/dependencies.ts';
import { type BakeFacts, provenanceText } from '../../../../src/version/provenance/statement.ts';
import { sampleLock } from '../../../samples/lock.ts';
import { provenanceSchema } from '../../../samples/provenance-schema.ts';

const digest = (letter: string): string => letter.repeat(64);
const { sources } = sampleLock();
const purl = 'pkg:deb/debian/curl@7.50.3-1?arch=i386&distro=debian-12';
const facts: BakeFacts = {
  role: 'slave',
  files: new Map([
    ['root.squashfs', digest('1')],
    ['netboot/boot.ipxe', digest('2')],
  ]),
  specSha256: digest('3'),
  lockSha256: digest('4'),
  targets: ['qcow2', 'netboot'],
  compressionLevel: 15,
  stages: { shared: { key: digest('5'), was: 'cached' } },
  dependencies: dependenciesOf({
    folders: { 'images/': digest('6') },
    files: [{ path: '/etc/motd', mode: '0644', content: 'hello\n' }],
    sources,
    packages: [{ purl, sha256: digest('7') }],
  }),
  codeSha256: digest('8'),
  versions: { ingot: '0.1.0', packer: 'not from dpkg: packer 1.11.2' },
  run: '20261122T003044Z-abcdef',
  begun: Date.UTC(2026, 10, 22, 0, 30, 44),
  ended: Date.UTC(2026, 10, 22, 0, 35, 0),
};
const statement = provenanceSchema.parse(JSON.parse(provenanceText(facts)));

test('the files of the version are its subjects, sorted, with their digests', () => {
  expect(statement.subject).toEqual([
    { name: 'netboot/boot.ipxe', digest: { sha256: digest('2') } },
    { name: 'root.squashfs', digest: { sha256: digest('1') } },
  ]);
});

test('it names the spec and the lock, and the time', () => {
  const { buildDefinition, runDetails } = statement.predicate;
  expect(buildDefinition.externalParameters).toMatchObject({
    spec: { digest: { sha256: digest('3') } },
    lock: { digest: { sha256: digest('4') } },
  });
  expect(runDetails.metadata).toEqual({
    invocationId: facts.run,
    startedOn: '2026-11-22T00:30:44.000Z',
    finishedOn: '2026-11-22T00:35:00.000Z',
  });
  expect(runDetails.builder.version).toEqual(facts.versions);
});

test('it lists the inputs: data of ingot, files, the releases of the sources, packages', () => {
  expect(statement.predicate.buildDefinition.resolvedDependencies).toEqual([
    { name: 'images/', digest: { sha256: digest('6') } },
    {
      name: 'file /etc/motd',
      digest: { sha256: '5891b5b522d5df086d0ff0b110fbd9d21bb4fc7163af34d08286a2e846f6be03' },
    },
    {
      name: 'release of bookworm',
      digest: { sha256: sources[0]?.release.sha256 },
      annotations: { suite: 'bookworm', date: '2026-11-21T02:10:46Z', signedBy: 'A'.repeat(40) },
    },
    { uri: purl, digest: { sha256: digest('7') } },
  ]);
});
