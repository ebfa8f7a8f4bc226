import type { Night, NightFacts, StepName } from '../../src/nightly/night.ts';
import type { NightStep, StepOutcome } from '../../src/nightly/run-steps.ts';

export const nightName = '20261130T020000Z-abcdef';

/** A night that has begun and done nothing. */
export const begunNight: Night = {
  format: 1,
  name: nightName,
  cluster: 'demo',
  spec: '/srv/cluster.yaml',
  begun: '2026-11-30T02:00:00.000Z',
  steps: [],
};

const image = (role: 'master' | 'slave', version: string) => ({
  ...{ role, version, published: true },
  folder: `/srv/out/${role}/${version}`,
});

/** What a night found out that published both roles. */
export const publishedFacts: NightFacts = {
  packages: [['openssl', '3.0.15-1~deb12u1', '3.0.17-1~deb12u2', 'yes', 'shared']],
  before: [{ role: 'master', version: '20261122-0123456789ab' }],
  images: [image('master', '20261129-aaaaaaaaaaaa'), image('slave', '20261129-bbbbbbbbbbbb')],
  drills: [
    { name: 'rise', result: 'passed', seconds: 60.25, saw: 'a <leader> & "two" followers' },
    { name: 'container', result: 'skipped', seconds: 0, saw: 'the cluster has no Marathon' },
  ],
  differences: [
    {
      role: 'master',
      before: '20261122-0123456789ab',
      after: '20261129-aaaaaaaaaaaa',
      summary: ['packages: 1 upgraded (305 → 305)'],
      files: ['diff-master.html'],
    },
  ],
  channel: 'candidate',
};

/** A step that a test runs in place of a real one; the names of those that ran are added to `ran`. */
export function playedStep(
  ran: string[],
  name: StepName,
  more: Partial<NightStep> & { readonly outcome?: StepOutcome } = {},
): NightStep {
  const { outcome = { says: [`${name} is done`] }, ...rest } = more;
  return {
    name,
    run: () => {
      ran.push(name);
      return Promise.resolve(outcome);
    },
    ...rest,
  };
}
