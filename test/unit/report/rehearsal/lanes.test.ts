import { describe, expect, it } from 'vitest';
import { timelineOf } from '../../../../src/report/rehearsal/drill-bands.ts';
import { lanesOf, leadersOf, startsOf } from '../../../../src/report/rehearsal/lanes.ts';
import { rehearsalPage } from '../../../../src/report/rehearsal/rehearsal-page.tsx';
import { masterSample, rehearsalFacts } from '../../../samples/report-facts.ts';

const { rehearsal, nodes } = rehearsalFacts();
const begin = 1_796_054_700;

describe('who led when', () => {
  it('is a lane for each service of each node, from one sample to the next', () => {
    const lanes = lanesOf(nodes, begin);
    expect(lanes.map(({ node, what }) => `${node} ${what}`)).toEqual([
      ...['master-1 ZooKeeper', 'master-1 Mesos', 'master-1 Marathon'],
      ...['master-2 ZooKeeper', 'master-2 Mesos', 'master-2 Marathon'],
    ]);
    const mesos = lanes.find(({ node, what }) => node === 'master-1' && what === 'Mesos');
    expect(mesos?.stretches).toMatchObject([
      { from: 0, to: 10, state: 'leads' },
      { from: 10, to: 19.5, state: 'follows' },
    ]);
  });

  it('claims nothing for the time in which a node was off or not sampled', () => {
    const samples = [masterSample(begin, true), masterSample(begin + 300, true)];
    const [, mesos] = lanesOf([{ node: 'master-1', samples }], begin);
    expect(mesos?.stretches.map(({ from, to }) => [from, to])).toEqual([
      [0, 0.5],
      [300, 300.5],
    ]);
  });

  it('ends with a start of the node, even a quick one', () => {
    const samples = [masterSample(begin, true), masterSample(begin + 5, true, { bootId: 'second' })];
    expect(lanesOf([{ node: 'master-1', samples }], begin)[1]?.stretches.length).toBe(2);
    expect(startsOf([{ node: 'master-1', samples }], begin).map(({ at }) => at)).toEqual([0, 5]);
  });

  it('lists the leaders in the order of time', () => {
    const mesos = leadersOf(lanesOf(nodes, begin)).filter(({ what }) => what === 'Mesos');
    expect(mesos.map(({ node }) => node)).toEqual(['master-1', 'master-2']);
  });
});

describe('the drills', () => {
  it('are where the record says that they began', () => {
    expect(timelineOf(rehearsal, begin + 19.5)).toMatchObject({
      begin,
      estimated: false,
      bands: [
        { name: 'rise', from: 0, to: 9 },
        { name: 'leader', from: 9, to: 19, result: 'failed' },
      ],
    });
  });

  it('of an older record are placed back from the last sample, and the page says so', () => {
    const outcomes = rehearsal.outcomes.map(({ begunAt, ...rest }) =>
      begunAt === 0 ? { ...rest, begunAt } : rest,
    );
    const timeline = timelineOf({ outcomes }, begin + 19);
    expect(timeline).toMatchObject({ begin, estimated: true });
    expect(rehearsalPage({ ...rehearsalFacts(), rehearsal: { ...rehearsal, outcomes } })).toContain(
      'When each drill began was not recorded',
    );
  });
});

it('the page shows each drill, the failed one first of all, the lanes and the logs', () => {
  const html = rehearsalPage(rehearsalFacts());
  for (const text of [
    'failed: leader',
    'no leader within 40 s',
    'not run',
    'master-2',
    'href="rehearsal.txt"',
  ])
    expect(html).toContain(text);
});

it('a rehearsal whose nodes never answered has a page that says so', () => {
  expect(rehearsalPage({ ...rehearsalFacts(), nodes: [] })).toContain(
    'No node of this rehearsal was sampled',
  );
});
