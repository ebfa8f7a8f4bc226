import { describe, expect, test } from 'vitest';
import type { Lock } from '../../../../src/inputs/lock/lock.ts';
import { debFile, requirementsOf, staleness } from '../../../../src/inputs/lock/lock-requirements.ts';
import type { Plan, RolePlan } from '../../../../src/inputs/plan/plan.ts';
import { sampleLock } from '../../../samples/lock.ts';

function role(name: 'master' | 'slave', packages: readonly string[], debs: RolePlan['debs']): RolePlan {
  return {
    ...{ role: name, packages, debs, layers: [], files: [], steps: [], unitsOn: [], unitsMasked: [] },
    ...{ kernelArguments: [], sysctls: {}, checks: [], memoryMiB: 1024, compressionLevel: 3 },
  };
}

function plan(host: string, more: Partial<Plan> = {}): Plan {
  const deb = { name: 'mesos', from: '/home/u/demo/debs/mesos.deb' };
  return {
    ...{
      cluster: 'demo',
      masters: [],
      quorum: 1,
      layout: 'mesosphere',
      scheduler: 'marathon',
      targets: ['qcow2'],
      confirmMinutes: 15,
      data: null,
      seed: { cluster: {}, files: [] },
    },
    epoch: 0,
    base: {
      ...{ distribution: 'debian', suite: 'bookworm', architecture: 'amd64' },
      sources: [
        {
          uris: [`http://${host}/debian/`],
          suites: ['bookworm', 'bookworm-updates'],
          components: ['main'],
          signedBy: '/k.gpg',
        },
        { uris: [`http://${host}/mesos`], suites: ['bookworm'], components: ['main'], label: 'mesos' },
      ],
    },
    sharedPackages: ['curl', 'systemd'],
    roles: [role('master', ['jre'], [deb]), role('slave', [], [deb])],
    guest: { cpus: 1, memoryMiB: 1, timeoutMinutes: 1 },
    ...more,
  };
}

const answering = (one: Plan): Lock => sampleLock({}, { question: requirementsOf(one, '/home/u/demo') });

describe('the inputs of a lock', () => {
  test('are the same on machines with other mirrors and keys, and contain neither', () => {
    const question = requirementsOf(plan('a.example'), '/home/u/demo');
    expect(question).toEqual(requirementsOf(plan('b.example'), '/home/u/demo'));
    expect(JSON.stringify(question)).not.toMatch(/example|home|gpg/);
    expect(question.sources.map(({ name }) => name)).toEqual(['bookworm', 'bookworm-updates', 'mesos']);
  });

  test('match the spec as long as its requests are the same', () => {
    expect(
      staleness(answering(plan('a.example')), requirementsOf(plan('b.example'), '/home/u/demo')),
    ).toEqual([]);
  });

  test('do not match a spec with another package, source or .deb, and each is named', () => {
    const lock = answering(plan('a.example'));
    const now = plan('a.example', {
      sharedPackages: ['curl', 'htop'],
      roles: [
        role('master', [], []),
        role('slave', [], [{ name: 'mesos', from: 'https://x.example/p/mesos.deb', sha256: 'b'.repeat(64) }]),
      ],
    });
    expect(staleness(lock, requirementsOf(now, '/home/u/demo'))).toEqual([
      'packages of both roles: + htop',
      'packages of both roles: - systemd',
      'packages of the master: - jre',
      '.debs of the master: - mesos debs/mesos.deb',
      `.debs of the slave: + mesos mesos.deb ${'b'.repeat(64)}`,
      '.debs of the slave: - mesos debs/mesos.deb',
    ]);
  });

  test('do not match a spec whose sources are in another order', () => {
    const before = plan('a.example');
    const after = plan('a.example', {
      base: { ...before.base, sources: before.base.sources.toReversed() },
    });
    expect(staleness(answering(before), requirementsOf(after, '/home/u/demo'))).not.toEqual([]);
  });
});

test('name a .deb relative to the spec, or by its file name if it is elsewhere', () => {
  const file = (from: string) => debFile({ name: 'mesos', from }, '/home/u/demo');
  expect(file('/home/u/demo/debs/m.deb')).toBe('debs/m.deb');
  expect(file('/srv/m.deb')).toBe('m.deb');
  expect(file('https://host.example/a/m.deb?x=1')).toBe('m.deb');
});
