import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { runDrills } from '../../../../src/rehearse/run-drills.ts';
import { upgradeDrills } from '../../../../src/rehearse/upgrade/upgrade-drills.ts';
import { ModelUpgrade } from '../../../samples/model-upgrade.ts';

beforeEach(() => {
  vi.useFakeTimers({ now: 1_000_000_000 });
});
afterEach(() => {
  vi.useRealTimers();
});

const to = { master: '20261128-aaaaaaaaaaaa', slave: '20261128-bbbbbbbbbbbb' };

it('a cluster whose agents register long after their nodes have booted passes an upgrade', async () => {
  const cluster = new ModelUpgrade({ agentLateSeconds: 90 });
  const drills = upgradeDrills({
    ...{ to, roles: ['master', 'slave'], wave: undefined, drain: true, fallBack: true },
    ...{ workload: undefined, onMeasured: () => undefined },
  }).filter(({ name }) => !['tasks', 'tasks-kept'].includes(name));
  const outcomes = await cluster.passing(
    runDrills(cluster.asCluster, { drills, skipped: [] }, (_, work) => work()),
  );
  expect(
    outcomes.map(({ name, result, saw }) => (result === 'passed' ? [name, result] : [name, result, saw])),
  ).toEqual(drills.map(({ name }) => [name, 'passed']));
  const [first, second] = cluster.slaves.map(({ address }) => address);
  const round = (address = ''): string[] => [
    `ingot-drain --wait 600 ${address}`,
    `ingot-drain --end ${address}`,
  ];
  expect(cluster.drains).toEqual([...round(first), ...round(first), ...round(second)]);
});
