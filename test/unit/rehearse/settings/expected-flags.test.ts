import { expect, test } from 'vitest';
import { expectedFlags, sameFlag } from '../../../../src/rehearse/settings/expected-flags.ts';

const settings = {
  files: [],
  cluster: {
    mesos: {
      master: { offer_timeout: '90secs' },
      agent: { isolation: 'cgroups/cpu' },
      networks: [{ name: 'n' }],
    },
    agents: [{ attributes: {}, resources: 'cpus:1' }],
    secrets: { masterCredentials: {}, agentCredential: {} },
  },
};

test('each role is checked for the settings of the seed, but for no secret’s text', () => {
  expect(expectedFlags(settings, 'master')).toEqual({ offer_timeout: '90secs', credentials: '' });
  expect(expectedFlags(settings, 'slave')).toEqual({
    ...{ isolation: 'cgroups/cpu', resources: 'cpus:1', credential: '' },
    ...{ network_cni_config_dir: '/etc/mesos/cni', network_cni_plugins_dir: '/usr/lib/cni' },
  });
});

test.each([
  ['90secs', '1.5mins', true],
  ['10mins', '600secs', true],
  ['2GB', '2048MB', true],
  ['true', 'true', true],
  ['{"run_tasks":[]}', '{"permissive":true,"run_tasks":[]}', true],
  ['', '/run/ingot/secrets/agent-credential', true],
  ['90secs', '2mins', false],
  ['true', 'false', false],
  ['{"run_tasks":[1]}', '{"run_tasks":[]}', false],
  ['', undefined, false],
  ['5', undefined, false],
])('%s in the seed and %s in /flags: %s', (wanted, there, same) => {
  expect(sameFlag(wanted, there)).toBe(same);
});
