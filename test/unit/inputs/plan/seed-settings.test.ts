import { expect, test } from 'vitest';
import { parseSpec } from '../../../../src/inputs/cluster-spec/parse-spec.ts';
import { seedSettings } from '../../../../src/inputs/plan/seed-settings.ts';
import { ingotErrorOf, smallSpec } from '../../../samples/spec.ts';

const sectionOf = (text: string) => parseSpec(`${smallSpec}${text}`, 'cluster.yaml').seed;

test('a spec without the section sets nothing that an older image would not know', () => {
  expect(seedSettings(sectionOf(''), new Map())).toEqual({ cluster: {}, files: [] });
});

test('settings have the form and order of cluster.json; keys stay in the image', () => {
  const section = sectionOf(`seed:
  keys: [seed.pub.pem]
  logs: { url: "http://logs:19532" }
  agents: [{ addresses: [10.0.1.0/24], attributes: { slots: 4 } }]
  timeServers: [10.0.0.1]
  network: 10.0.0.0/8
  files: [{ path: /etc/site, from: site.txt, mode: "0600", owner: "ops:ops" }]
`);
  const { cluster, files } = seedSettings(section, new Map([['site.txt', 'hello']]));
  expect(Object.entries(cluster)).toEqual([
    ['network', '10.0.0.0/8'],
    ['timeServers', ['10.0.0.1']],
    ['agents', [{ addresses: ['10.0.1.0/24'], attributes: { slots: '4' } }]],
    ['logs', { url: 'http://logs:19532' }],
  ]);
  expect(files).toEqual([{ path: '/etc/site', mode: '0600', owner: 'ops:ops', content: 'hello' }]);
});

test('a secret in a file that is read is also refused, and not shown', () => {
  const section = sectionOf('seed: { files: [{ path: /etc/site, from: site.pem }] }\n');
  const error = ingotErrorOf(() =>
    seedSettings(section, new Map([['site.pem', '-----BEGIN PRIVATE KEY-----\nabc']])),
  );
  expect(error.message).toContain('site.pem onto every node, and it contains a private key');
  expect(error.message).not.toContain('abc');
});
