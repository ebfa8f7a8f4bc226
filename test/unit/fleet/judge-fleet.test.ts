import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { NodeAnswer } from '../../../src/fleet/fleet-answer.ts';
import type { Golden } from '../../../src/fleet/golden.ts';
import { type AnsweredNode, judgeFleet, labelOf } from '../../../src/fleet/judge-fleet.ts';
import { SharedHeads } from '../../../src/fleet/shared-heads.ts';
import type { Role } from '../../../src/inputs/plan/plan.ts';
import { type Answer, headOf, sampleRootHash, sampleTime, sampleVersion } from '../../samples/fleet.ts';

const hour = 3_600_000;
const heads = new SharedHeads();
const said = (answer: Answer, age = 0): NodeAnswer => ({
  kind: 'answered',
  head: heads.share(headOf(answer)),
  when: sampleTime - age,
});
const node = (name: string, answer: NodeAnswer, role?: Role): AnsweredNode => ({ name, role, answer });
const store = new Map<Role, Golden>([
  ['slave', { version: sampleVersion, rootHash: sampleRootHash, from: { kind: 'store' } }],
]);
const judge = (nodes: readonly AnsweredNode[], golden: ReadonlyMap<Role, Golden> = store) =>
  judgeFleet(nodes, { golden, now: sampleTime, maxAgeMs: hour });
const summary = (nodes: readonly AnsweredNode[], golden?: ReadonlyMap<Role, Golden>) =>
  judge(nodes, golden).groups.map(({ state, label, nodes: own, why }) => [
    state,
    label ?? '',
    own.join(' '),
    why ?? '',
  ]);

describe('a fleet', () => {
  it('is grouped by the answers of its nodes', () => {
    expect(
      summary([
        node('n10', said('golden')),
        node('n2', said('golden')),
        node('n3', said('intruded')),
        node('n4', said('edited')),
        node('n5', said('edited')),
        node('n6', said('golden', 2 * hour)),
        node('n7', { kind: 'unreachable', why: 'refused' }),
        node('n8', { kind: 'partial', why: 'cut' }),
      ]),
    ).toEqual([
      ['golden', '', 'n2 n10', ''],
      ['drifted', 'A', 'n4 n5', ''],
      ['drifted', 'B', 'n3', ''],
      ['stale', '', 'n6', '2 h old'],
      ['unreachable', '', 'n7', 'refused'],
      ['partial', '', 'n8', 'cut'],
    ]);
  });

  it('has the same result in whatever order its nodes answer', () => {
    const answers = fc.constantFrom<NodeAnswer>(
      said('golden'),
      said('edited'),
      said('both'),
      said('unverified'),
      said('golden', 2 * hour),
      said('edited', 3 * hour),
      { kind: 'unreachable', why: 'refused' },
      { kind: 'partial', why: 'cut' },
    );
    const fleets = fc.array(answers, { maxLength: 30 }).chain((given) => {
      const nodes = given.map((answer, index) => node(`n${String(index)}`, answer));
      return fc.tuple(fc.constant(nodes), fc.shuffledSubarray(nodes, { minLength: nodes.length }));
    });
    for (const golden of [store, new Map<Role, Golden>()])
      fc.assert(
        fc.property(fleets, ([nodes, shuffled]) => {
          expect(judge(shuffled, golden)).toEqual(judge(nodes, golden));
          const all = judge(nodes, golden).groups.flatMap((group) => group.nodes);
          expect(all.toSorted()).toEqual(nodes.map(({ name }) => name).toSorted());
        }),
      );
  });

  it('has nodes with a wrong version: another version, another root, another role', () => {
    const other = new Map<Role, Golden>([
      ['slave', { version: '20261125-bbbbbbbbbbbb', rootHash: sampleRootHash, from: { kind: 'store' } }],
    ]);
    expect(summary([node('n1', said('golden'))], other)).toEqual([
      ['wrong version', '', 'n1', `it runs ${sampleVersion} instead of 20261125-bbbbbbbbbbbb`],
    ]);
    const root = new Map<Role, Golden>([
      ['slave', { version: sampleVersion, rootHash: '3d'.repeat(32), from: { kind: 'store' } }],
    ]);
    expect(summary([node('n1', said('golden'))], root)[0]?.[3]).toContain('root hash differs');
    expect(summary([node('n1', said('golden'), 'master')])[0]?.[3]).toBe(
      'it is a slave, but a master in the inventory',
    );
    // Their drift is reported as well.
    expect(summary([node('n1', said('edited'))], other)[0]?.slice(0, 2)).toEqual(['wrong version', 'A']);
  });

  it('takes the majority as golden only if no golden version is named, and reports it', () => {
    const odd = { ...headOf('golden'), version: '20261101-cccccccccccc', digest: 'd'.repeat(64) };
    const nodes = [
      node('n1', said('golden')),
      node('n2', said('edited')),
      node('n3', { kind: 'answered', head: odd, when: sampleTime }),
      // Old answers and roots that are not enforced have no vote.
      ...['n4', 'n5', 'n6'].map((name) => node(name, { kind: 'answered', head: odd, when: 0 } as const)),
      ...['n7', 'n8', 'n9'].map((name) =>
        node(name, {
          kind: 'answered',
          head: { ...odd, verified: false, drift: 1 },
          when: sampleTime,
        } as const),
      ),
    ];
    const { golden, groups } = judge(nodes, new Map());
    expect(golden.get('slave')).toEqual({
      version: sampleVersion,
      rootHash: sampleRootHash,
      from: { kind: 'majority', nodes: 2, of: 6 },
    });
    expect(groups.find(({ nodes: own }) => own.includes('n3'))?.state).toBe('wrong version');
  });

  it('does not trust a clock that is ahead', () => {
    expect(summary([node('n1', said('golden', -hour))])[0]).toEqual([
      'stale',
      '',
      'n1',
      'of 2026-11-27T13:00:00Z, which is in the future: check its clock',
    ]);
  });
});

it('drifts are named A to Z, and then with more letters', () => {
  expect([0, 25, 26, 51, 52, 701, 702].map(labelOf)).toEqual(['A', 'Z', 'AA', 'AZ', 'BA', 'ZZ', 'AAA']);
});

describe('a revoked version', () => {
  const revocation = {
    ...{ role: 'slave' as const, version: sampleVersion, rootHash: sampleRootHash },
    ...{ why: 'the agent leaks memory', on: '2026-11-27T08:00:00.000Z' },
  };
  const statesWith = (revoked: readonly (typeof revocation)[], golden = store) =>
    judgeFleet([node('n1', said('golden')), node('n2', said('edited'))], {
      ...{ golden, revoked, now: sampleTime, maxAgeMs: hour },
    }).groups.map(({ state, nodes, why }) => [state, nodes.join(' '), why ?? '']);
  const why = `it runs ${sampleVersion}, which was revoked on 2026-11-27: the agent leaks memory`;

  it('is reported on every node that runs it, even if the store still calls it golden', () => {
    expect(statesWith([revocation])).toEqual([
      ['revoked', 'n1', why],
      ['revoked', 'n2', why],
    ]);
  });

  it('is known by its root hash as well, so that another name does not hide it', () => {
    expect(statesWith([{ ...revocation, version: '20261126-ffffffffffff' }])[0]?.[0]).toBe('revoked');
  });

  it('says nothing about another version', () => {
    const other = { ...revocation, version: '20261125-bbbbbbbbbbbb', rootHash: 'b'.repeat(64) };
    expect(statesWith([other]).map(([state]) => state)).toEqual(['golden', 'drifted']);
  });
});

describe('during a rollout by waves', () => {
  const next: Golden = {
    version: '20261130-dddddddddddd',
    rootHash: 'd'.repeat(64),
    from: { kind: 'asked for' },
  };
  const states = (nodes: readonly AnsweredNode[], done: readonly string[] = [], before = store) =>
    judgeFleet(nodes, {
      ...{ golden: new Map<Role, Golden>([['slave', next]]), now: sampleTime, maxAgeMs: hour },
      rollout: { percent: 10, before, done: new Set(done) },
    }).groups.map(({ state, nodes: own, why }) => [state, own.join(' '), why ?? '']);
  const behind = `it runs ${sampleVersion}, and the rollout of ${next.version} (10 %) has not reached it`;

  it('a node that it has not reached is behind, not of a wrong version', () => {
    expect(states([node('n1', said('golden')), node('n2', said('golden'))])).toEqual([
      ['behind', 'n1 n2', behind],
    ]);
  });

  it('a node of an earlier wave that runs the version from before is of a wrong version', () => {
    const [first, second] = states([node('n1', said('golden')), node('n2', said('golden'))], ['n2']);
    expect([first?.slice(0, 2), second?.slice(0, 2)]).toEqual([
      ['behind', 'n1'],
      ['wrong version', 'n2'],
    ]);
  });

  it('a node that runs neither version is of a wrong version; one that drifts has drifted', () => {
    const other = new Map<Role, Golden>([['slave', { ...next, version: '20261101-eeeeeeeeeeee' }]]);
    expect(states([node('n1', said('golden'))], [], other)[0]?.[0]).toBe('wrong version');
    expect(states([node('n1', said('edited'))])[0]).toEqual(['drifted', 'n1', behind]);
  });

  it('another root hash under the version from before is not behind', () => {
    const other = new Map<Role, Golden>([
      ['slave', { version: sampleVersion, rootHash: 'e'.repeat(64), from: { kind: 'asked for' } }],
    ]);
    expect(states([node('n1', said('golden'))], [], other)[0]?.[0]).toBe('wrong version');
  });
});
