import { expect, test } from 'vitest';
import type { Cluster } from '../../../../src/rehearse/cluster.ts';
import { settings } from '../../../../src/rehearse/drills/settings.ts';
import { masterPlaces, slavePlaces } from '../../../../src/rehearse/place.ts';

const seed = {
  files: [],
  cluster: {
    mesos: {
      master: { authenticate_agents: 'true', authenticate_http_readonly: 'true', offer_timeout: '90secs' },
    },
    secrets: { agentCredential: {}, masterCredentials: {}, operator: {} },
  },
};
const right = {
  ...{ authenticate_agents: 'true', authenticate_http_readonly: 'true', offer_timeout: '1.5mins' },
  ...{ credentials: '/run/a', credential: '/run/b' },
};

/** A cluster that answers the drill's queries with these flags, this status and this output of a wrong agent. */
function cluster(flags: object, status = '401', agent = 'Master x refused authentication'): Cluster {
  const run = (_name: string, script: string): Promise<string> => {
    if (script.includes('agent-credential')) return Promise.resolve(`${agent}\n`);
    return Promise.resolve(script.includes('curl') ? status : JSON.stringify(flags));
  };
  const parts = { masters: masterPlaces(3), slaves: slavePlaces(2), options: { settings: seed }, run };
  return {
    ...parts,
    say: () => undefined,
    limit: (n: number) => n,
    healthy: () => Promise.resolve(0),
  } as never;
}

test('shows each setting with its value on the nodes, and who was refused', async () => {
  const { saw, table } = await settings.run(cluster(right));
  expect(saw).toContain('on 5 nodes');
  expect(table).toMatch(/master +offer_timeout +1\.5mins\n/);
  expect(table).toMatch(/master +HTTP without a login +refused: 401\n/);
  expect(table).toMatch(/slave +an agent with a wrong secret +refused authentication\n/);
});

test.each<[string, Cluster, RegExp]>([
  [
    'a node that was started with another value',
    cluster({ ...right, offer_timeout: '2mins' }),
    /master-1 was not started with the settings/,
  ],
  [
    'a node that lacks a flag',
    cluster({ ...right, credentials: undefined }),
    /not started with the settings/,
  ],
  [
    'a master that answers without a login',
    cluster(right, '200'),
    /answers \/flags without a login: HTTP status 200/,
  ],
  [
    'a master that admits an agent with a wrong secret',
    cluster(right, '401', 'the agent was not refused'),
    /was not refused/,
  ],
])('fails: %s', async (_what, found, message) => {
  await expect(settings.run(found)).rejects.toThrow(message);
});
