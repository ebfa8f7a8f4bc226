import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { drillOutcome } from '../../../src/cli/shapes/fields.ts';
import { allDrills } from '../../../src/rehearse/all-drills.ts';
import { chooseDrills } from '../../../src/rehearse/choose-drills.ts';
import { type DrillOutcome, runDrills } from '../../../src/rehearse/run-drills.ts';
import { ModelCluster } from '../../samples/model-cluster.ts';
import type { Faults } from '../../samples/model-faults.ts';

beforeEach(() => {
  vi.useFakeTimers({ now: 1_000_000_000 });
});
afterEach(() => {
  vi.useRealTimers();
});

async function rehearsed(faults: Faults, drills?: readonly string[], masters = 3): Promise<DrillOutcome[]> {
  const cluster = new ModelCluster(faults, masters);
  const chosen = chooseDrills(drills, false, {
    ...{ masters, slaves: 2 },
    scheduler: faults.withoutScheduler === true ? 'none' : 'marathon',
    settings: { cluster: {}, files: [] },
  });
  return cluster.passing(runDrills(cluster.asCluster, chosen, (_, work) => work()));
}

const results = (outcomes: readonly DrillOutcome[]) =>
  outcomes.map(({ name, result, saw }) => (result === 'passed' ? [name, result] : [name, result, saw]));

// The seed of the model has no settings, so the drill for settings is skipped.
const ofSeed = [
  ['tls', 'skipped', 'the seed says no tls'],
  ['settings', 'skipped', 'the seed sets nothing of Mesos'],
];
const modelled = allDrills.filter(({ name }) => !ofSeed.some(([other]) => other === name));

describe('a sound cluster', () => {
  it.each([3, 5])('of %i masters passes every drill', async (masters) => {
    const outcomes = await rehearsed({}, undefined, masters);
    expect(results(outcomes)).toEqual([...modelled.map(({ name }) => [name, 'passed']), ...ofSeed]);
  });

  it('reports passed and skipped drills in the shape of ingot rehearse --json', async () => {
    const outcomes = await rehearsed({});
    expect(outcomes.map((outcome) => drillOutcome.parse(outcome))).toEqual(outcomes);
  });

  it.each(modelled.slice(1).map(({ name }) => name))('passes %s when it is the only drill', async (name) => {
    expect(results(await rehearsed({}, [name]))).toEqual([
      ['rise', 'passed'],
      [name, 'passed'],
    ]);
  });

  it('passes without a scheduler every drill except the one that needs it, and no drill starts an app', async () => {
    const outcomes = await rehearsed({ withoutScheduler: true });
    const others = modelled.filter(({ name }) => name !== 'task');
    expect(results(outcomes)).toEqual([
      ...others.map(({ name }) => [name, 'passed']),
      ofSeed[0],
      ['task', 'skipped', 'the cluster has no scheduler'],
      ofSeed[1],
    ]);
    expect(outcomes.map(({ name, saw }) => [name, saw.match(/Marathon: .*|\bapp\b.*/)?.[0]])).toEqual(
      outcomes.map(({ name }) => [name, undefined]),
    );
    expect(outcomes.find(({ name }) => name === 'agree')?.saw).toContain('the cluster has no scheduler');
  });

  it.each<[string, Faults, RegExp]>([
    ['partition', { splitBrain: true }, /not within|two Mesos masters led/],
    ['kill-leader', { losesAgents: true }, /agents are others than before/],
    ['reboot', { forgetsIdentity: true }, /machine-id of .* was .* and is/],
  ])('without a scheduler still fails %s if there is a fault', async (drill, faults, why) => {
    const outcomes = await rehearsed({ ...faults, withoutScheduler: true }, [drill]);
    expect(outcomes.at(-1)).toMatchObject({ name: drill, result: 'failed' });
    expect(outcomes.at(-1)?.saw).toMatch(why);
  });

  it('shows how long the election of another leader took, and restarts in reboot only what no earlier drill has restarted', async () => {
    const outcomes = await rehearsed({});
    const saw = (name: string) => outcomes.find((one) => one.name === name)?.saw;
    expect(saw('kill-leader')).toMatch(/^master-\d lost its power; master-\d led after 1[0-3]\.\d s/);
    expect(saw('partition')).toMatch(/never two that could write, in \d+ samples/);
    expect(saw('reboot')).toMatch(
      /^all 5 nodes were restarted \(.*master-1.* in earlier drills, by power-off\)/,
    );
    expect(saw('replace-address')).toMatch(
      /^10\.77\.0\.5 took the place of 10\.77\.0\.\d+, number (\d) of the list, with ZooKeeper id \1;/,
    );
  });
});

describe('a cluster that is not sound', () => {
  it.each<[string, string, Faults, RegExp]>([
    [
      'partition',
      'in which a leader that is cut off can still write',
      { splitBrain: true },
      /not within|two Mesos masters led/,
    ],
    ['masters-apart', 'that elects without a majority', { noQuorum: true }, /is elected, though 1 of 3/],
    [
      'minority',
      'that elects without a majority',
      { noQuorum: true },
      /went on without a majority|still serves/,
    ],
    ['kill-leader', 'whose next leader does not know the app', { losesApps: true }, /does not know the app/],
    ['kill-leader', 'whose agents get new ids', { losesAgents: true }, /agents are others than before/],
    ['kill-leader', 'in which a master that returns becomes the leader', { usurps: true }, /took the lead/],
    [
      'reboot',
      'whose nodes lose their identity',
      { forgetsIdentity: true },
      /machine-id of .* was .* and is/,
    ],
    [
      'rise',
      'with a service that restarts again and again',
      { restarts: true },
      /mesos-slave\.service restarts again/,
    ],
    [
      'rise',
      'whose masters each lead themselves',
      { eachLeads: true },
      /master-1 leads only by its own report: ZooKeeper's election names nobody; does it run with --zk\?/,
    ],
    ['reboot', 'whose root is not verified', { unverified: true }, /no dm-verity device/],
    ['replace-disk', 'whose new disk is the old one', { keepsDisk: true }, /still has its old disk/],
    [
      'container',
      'whose unit ends executors with the agent',
      { killsTasks: true },
      /did not survive a restart of mesos-agent\.service on slave-1\n.*: ended\nthe master says TASK_LOST\nKillMode of mesos-agent\.service is control-group: .*KillMode=process/,
    ],
    [
      'container',
      'whose new agent leaves containers behind',
      { keepsOrphans: true },
      /did not remove what the one before had left\nmesos-c0ffee: ended/,
    ],
    [
      'container',
      'whose containers have no memory limit',
      { unlimited: true },
      /memory is limited to max, not to 50331648/,
    ],
    [
      'container',
      'that reports every task as successful',
      { alwaysFine: true },
      /ends with status 7 was not reported so/,
    ],
    [
      'container',
      'that loses the output of containers',
      { losesOutput: true },
      /not in its sandbox on slave-1/,
    ],
    ['task', 'on which nothing runs', { runsNothing: true }, /no slave has a process/],
    [
      'compare',
      'with an additional file on a slave',
      { extraFact: 'above the root /etc/x' },
      /only the second has it/,
    ],
    ['drift', 'whose root is not verified', { unverified: true }, /does not verify the root of master-1/],
    [
      'drift',
      'with a program that does not belong to the root',
      { drifted: { path: 'process:/x', class: 'running', kind: 'not of the root', hint: 'restart it' } },
      /slave-2 has drifted:\nprocess:\/x \(running\): not of the root\. restart it/,
    ],
    [
      'drift',
      'whose slaves report two digests',
      { otherDigest: true },
      /slaves are not alike\nslave-1: digest of slave\nslave-2: another/,
    ],
  ])('fails %s: a cluster %s', async (drill, _, faults, why) => {
    const outcomes = await rehearsed(faults, [drill, 'grow']);
    const failed = outcomes.find(({ result }) => result === 'failed');
    expect(failed?.name).toBe(drill);
    expect(failed?.saw).toMatch(why);
    expect(outcomes.at(-1)).toMatchObject({ name: 'grow', result: 'not run', saw: `${drill} failed before` });
  });
});
