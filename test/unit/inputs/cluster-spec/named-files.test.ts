import { expect, test } from 'vitest';
import { namedFiles } from '../../../../src/inputs/cluster-spec/named-files.ts';
import { parseSpec } from '../../../../src/inputs/cluster-spec/parse-spec.ts';

test('the files that a spec names are listed once each: those that are read, and those that must exist', () => {
  const spec = parseSpec(
    `cluster: demo
masters: [10.0.0.11, 10.0.0.12, 10.0.0.13]
base: {mirror: {url: "http://x.example/debian", key: keys/debian.gpg}}
mesos: {deb: debs/mesos.deb}
marathon: {source: {url: "http://x.example/m", suite: s, key: keys/debian.gpg}}
common: {files: [{path: /a, from: files/a}, {path: /b, content: b}]}
slave: {files: [{path: /c, from: files/a}]}
updates: {keys: [keys/release.pem]}
`,
    'cluster.yaml',
  );
  expect(namedFiles(spec)).toEqual({
    placed: ['files/a'],
    texts: ['keys/release.pem'],
    present: ['debs/mesos.deb', 'keys/debian.gpg'],
  });
});

test('a .deb that is a URL is not a file of the build host', () => {
  const spec = parseSpec(
    `cluster: demo
masters: [10.0.0.11, 10.0.0.12, 10.0.0.13]
mesos: {deb: "https://x.example/m.deb", sha256: ${'0a'.repeat(32)}}
marathon: {deb: /m.deb}
`,
    'cluster.yaml',
  );
  expect(namedFiles(spec)).toEqual({ placed: [], texts: [], present: ['/m.deb'] });
});
