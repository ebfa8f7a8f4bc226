import { expect, test } from 'vitest';
import { parseSpec } from '../../../../src/inputs/cluster-spec/parse-spec.ts';
import { seedSettings } from '../../../../src/inputs/plan/seed-settings.ts';
import { namedSecrets, rehearsedSettings } from '../../../../src/rehearse/settings/rehearsed-settings.ts';
import { mesosSecretTexts } from '../../../../src/rehearse/settings/secret-texts.ts';
import { smallSpec } from '../../../samples/spec.ts';

const spec = `${smallSpec}seed:
  network: 10.0.0.0/16
  timeServers: [10.0.0.1]
  logs: { url: "http://logs.example.org:19532" }
  agents:
    - { attributes: { site: berlin } }
    - { addresses: [10.0.1.0/24], attributes: { rack: r1 } }
  files: [{ path: /etc/site, content: hello }]
  secrets:
    agentCredential: { principal: agents, file: /var/lib/ingot/state/secrets/agent }
    masterCredentials: { command: [/usr/bin/vault, masters] }
    marathon: { principal: marathon-prod, file: /var/lib/ingot/state/secrets/marathon }
  mesos: { master: { authenticate_agents: true, authenticate_frameworks: true } }
`;
const settings = seedSettings(parseSpec(spec, 'cluster.yaml').seed, new Map());
let count = 0;
const texts = mesosSecretTexts(namedSecrets(settings), () => `secret-${(count += 1)}`);
const rehearsed = rehearsedSettings(settings, texts);

test('rehearsed nodes get the settings of the spec, except those of the site’s own network', () => {
  expect(Object.keys(rehearsed.cluster).toSorted()).toEqual(['agents', 'mesos', 'secrets']);
  expect(rehearsed.cluster['mesos']).toEqual(settings.cluster['mesos']);
  expect(rehearsed.cluster['agents']).toEqual([{ attributes: { site: 'berlin' } }]);
  expect(rehearsed.files[0]).toEqual(settings.files[0]);
});

test('no secret of the site is needed: each is a file that the rehearsal’s own seed provides, readable only by root', () => {
  const text = JSON.stringify(rehearsed);
  expect(text).not.toContain('/var/lib/ingot/state/secrets');
  expect(text).not.toContain('vault');
  expect(rehearsed.cluster['secrets']).toMatchObject({
    marathon: { principal: 'marathon-prod', command: ['/usr/bin/cat', '/etc/ingot-rehearsal/marathon'] },
  });
  const own = rehearsed.files.filter(({ path }) => path.startsWith('/etc/ingot-rehearsal/'));
  expect(own.map(({ mode, owner }) => `${mode} ${owner}`)).toEqual(own.map(() => '0600 root:root'));
  expect(own).toHaveLength(3);
});

test('masters admit exactly those who log in, under the names of the spec', () => {
  const { credentials } = JSON.parse(texts.get('masterCredentials') ?? '') as {
    credentials: { principal: string; secret: string }[];
  };
  expect(credentials.map(({ principal }) => principal)).toEqual(['agents', 'marathon-prod']);
  expect(JSON.parse(texts.get('agentCredential') ?? '')).toEqual(credentials[0]);
  expect(texts.get('marathon')).toBe(credentials[1]?.secret);
  expect(new Set(credentials.map(({ secret }) => secret)).size).toBe(2);
});

test('a spec without secrets gets none', () => {
  const plain = seedSettings(parseSpec(smallSpec, 'cluster.yaml').seed, new Map());
  expect(
    rehearsedSettings(
      plain,
      mesosSecretTexts(namedSecrets(plain), () => 'x'),
    ),
  ).toEqual(plain);
});
