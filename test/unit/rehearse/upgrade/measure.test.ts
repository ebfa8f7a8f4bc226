import { describe, expect, it } from 'vitest';
import type { TimedSample } from '../../../../src/rehearse/judge/writers.ts';
import type { NodeSample } from '../../../../src/rehearse/node-sample.ts';
import type { StepRecord } from '../../../../src/rehearse/upgrade/journal.ts';
import { leaderlessGaps, longestGapOf } from '../../../../src/rehearse/upgrade/measure/leaderless.ts';
import { measureUpgrade } from '../../../../src/rehearse/upgrade/measure/measure-upgrade.ts';
import { measureTasks } from '../../../../src/rehearse/upgrade/measure/task-moves.ts';
import { upgradeTable } from '../../../../src/rehearse/upgrade/upgrade-table.ts';
import { healthySample, three, two } from '../../../samples/node-samples.ts';

const [one, other] = [three[0], three[1]] as [(typeof three)[0], (typeof three)[0]];
const [slave, neighbour] = [two[0], two[1]] as [(typeof two)[0], (typeof two)[0]];

/** A sample of a master at a given second; each takes half a second. */
const master = (
  name: string,
  second: number,
  leads: boolean,
  more: Partial<NodeSample> = {},
): TimedSample => ({
  ...{ node: name, from: second * 1000, to: second * 1000 + 500 },
  sample: healthySample(name === 'master-1' ? one : other, leads, more),
});

const agent = (name: string, second: number, ...running: string[]): TimedSample => ({
  ...{ node: name, from: second * 1000, to: second * 1000 + 500 },
  sample: healthySample(name === 'slave-1' ? slave : neighbour, false, {
    agent: {
      ...{ registered: true, master: null },
      tasks: Object.fromEntries(running.map((task) => [task, 'TASK_RUNNING'])),
    },
  }),
});

describe('the time without a leader', () => {
  const samples = [
    master('master-1', 0, true),
    master('master-1', 4, true),
    master('master-1', 8, false),
    master('master-2', 2, false),
    master('master-2', 20, true),
    master('master-2', 24, true),
  ];

  it('is the worst case: from the last sample with one leader to the first with another', () => {
    expect(leaderlessGaps(samples, 0, 24_000)).toEqual([{ from: 4500, to: 20_000 }]);
  });

  it('ends with the measurement if nobody leads any more, and begins with it if nobody led yet', () => {
    expect(leaderlessGaps(samples, -3000, 30_000)).toEqual([
      { from: -3000, to: 0 },
      { from: 4500, to: 20_000 },
      { from: 24_500, to: 30_000 },
    ]);
    expect(leaderlessGaps([], 0, 1000)).toEqual([{ from: 0, to: 1000 }]);
  });

  it('includes the restart of a node that led before and after it', () => {
    const restarted = [
      master('master-1', 0, true),
      master('master-1', 60, true, { bootId: 'the next start' }),
      master('master-1', 61, true, { bootId: 'the next start' }),
    ];
    expect(leaderlessGaps(restarted, 0, 61_000)).toEqual([{ from: 500, to: 60_000 }]);
  });

  it('is zero if one leads when the other takes over, and the longest gap is found', () => {
    const both = [master('master-1', 0, true), master('master-1', 4, true), master('master-2', 4, true)];
    expect(leaderlessGaps(both, 0, 4000)).toEqual([]);
    expect(longestGapOf([])).toBeUndefined();
    expect(longestGapOf(leaderlessGaps(samples, -3000, 30_000))).toEqual({ from: 4500, to: 20_000 });
  });
});

describe('the outcome of the tasks', () => {
  const belongs = (task: string): boolean => task.startsWith('x.');
  const during = { wanted: 2, from: 0, to: 40_000 };

  it('a task that ended on a node and was replaced on another has moved', () => {
    const samples = [
      agent('slave-1', 0, 'x.1', 'y.1'),
      agent('slave-2', 1, 'x.2'),
      agent('slave-1', 8),
      agent('slave-2', 13, 'x.2', 'x.3'),
      agent('slave-1', 40),
      agent('slave-2', 39, 'x.2', 'x.3'),
    ];
    const { moved, lost, running, short } = measureTasks(samples, belongs, during);
    expect(moved).toEqual([
      {
        ...{ task: 'x.1', node: 'slave-1', ended: 500 },
        next: { task: 'x.3', node: 'slave-2', began: 13_000 },
      },
    ]);
    expect({ lost, running }).toEqual({ lost: [], running: 2 });
    expect(short.seconds).toBeCloseTo(13);
  });

  it('a task that ended and was not replaced is lost, however many others run', () => {
    const samples = [
      agent('slave-1', 0, 'x.1'),
      agent('slave-2', 0, 'x.2'),
      agent('slave-1', 30),
      agent('slave-2', 30, 'x.2'),
    ];
    const { moved, lost, running, short } = measureTasks(samples, belongs, during);
    expect(lost.map(({ task, node }) => [task, node])).toEqual([['x.1', 'slave-1']]);
    expect({ moved, running, fewest: short.fewest }).toEqual({ moved: [], running: 1, fewest: 1 });
  });

  it('a task replaces only one: if two ended and one began, one has moved and one is lost', () => {
    const samples = [
      agent('slave-1', 0, 'x.1', 'x.2'),
      agent('slave-1', 20),
      agent('slave-2', 0),
      agent('slave-2', 25, 'x.3'),
    ];
    const { moved, lost } = measureTasks(samples, belongs, during);
    expect([moved.length, lost.length]).toEqual([1, 1]);
  });

  it('a task that its agent does not report while it restarts, and then reports again, has not moved', () => {
    const samples = [
      agent('slave-1', 0, 'x.1', 'x.2'),
      agent('slave-1', 10),
      agent('slave-1', 40, 'x.1', 'x.2'),
    ];
    expect(measureTasks(samples, belongs, during)).toMatchObject({ moved: [], lost: [], running: 2 });
  });

  it('a task that is reported as killed no longer runs', () => {
    const killed = agent('slave-1', 30);
    const samples = [
      agent('slave-1', 0, 'x.1'),
      {
        ...killed,
        sample: {
          ...killed.sample,
          agent: { registered: true, master: null, tasks: { 'x.1': 'TASK_KILLED' } },
        },
      },
    ];
    expect(measureTasks(samples, belongs, { ...during, wanted: 1 }).lost).toHaveLength(1);
  });
});

it('an upgrade is measured from its first step, and shown as its steps in order with times', () => {
  const samples = [
    master('master-1', 0, true),
    master('master-1', 100, true),
    master('master-2', 110, true),
    master('master-2', 200, true),
    agent('slave-1', 0, 'x.1'),
    agent('slave-1', 150),
    agent('slave-2', 160, 'x.2'),
    agent('slave-2', 200, 'x.2'),
  ];
  const steps: readonly StepRecord[] = [
    {
      ...{ kind: 'master', nodes: ['master-1'], from: 10_000, to: 120_000, saw: '' },
      parts: [{ what: 'fetch', from: 10_000, to: 40_000 }],
    },
    { kind: 'fall-back', nodes: ['slave-1'], from: 120_000, to: 180_000, parts: [], saw: 'returned: why' },
  ];
  const workload = { wanted: 1, belongs: (task: string) => task.startsWith('x.') };
  const measure = measureUpgrade(samples, steps, workload, 200_000);
  expect(measure).toMatchObject({
    seconds: 190,
    steps: [
      { at: 0, seconds: 110, parts: [{ what: 'fetch', seconds: 30 }] },
      { at: 110, seconds: 60 },
    ],
    leaderless: { longestSeconds: 9.5, gaps: [{ at: 90.5, seconds: 9.5 }] },
    tasks: { moved: [{ task: 'x.1', from: 'slave-1', to: 'slave-2' }], lost: [] },
  });
  expect(upgradeTable(measure).split('\n')).toEqual([
    '   begun   seconds  step       nodes     parts, seconds',
    '     0.0     110.0  master     master-1  fetch 30.0',
    '   110.0      60.0  fall-back  slave-1   ',
    '                    returned: why',
    'the upgrade took 190.0 s',
    'no master led for 9.5 s, from second 90.5',
    expect.stringMatching(
      /^x\.1: ended on slave-1 in second -?[\d.]+, another runs on slave-2 [\d.]+ s later$/,
    ),
    expect.stringMatching(/^fewer than 1 tasks ran for [\d.]+ s at most, 0 at the fewest$/),
    '',
  ]);
});
