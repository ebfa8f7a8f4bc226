import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { ChannelPointer } from '../../../src/channel/channel-pointer.ts';
import type { Role } from '../../../src/inputs/roles.ts';
import { nextWave } from '../../../src/wave/next-wave.ts';
import { shareOf, type WaveNode, waveNodes } from '../../../src/wave/wave-share.ts';

const node = (name: string, role: Role): WaveNode => ({
  ...{ name, role },
  source: { kind: 'ssh', host: name, user: undefined, port: undefined, jump: undefined },
});
const fleet = (masters: number, slaves: number): WaveNode[] => [
  ...Array.from({ length: masters }, (_, index) => node(`m${index}`, 'master')),
  ...Array.from({ length: slaves }, (_, index) => node(`s${index}`, 'slave')),
];
const names = (nodes: readonly WaveNode[]): string[] => nodes.map(({ name }) => name).sort();
const versions = { slave: { version: '20261129-da63c7305a75', rootHash: 'a'.repeat(64) } };

describe('a share of an inventory', () => {
  test('has at least one node of each role, and at 100 % all of them', () => {
    expect(shareOf(fleet(3, 200), 1, 'x').map(({ role }) => role)).toEqual(['master', 'slave', 'slave']);
    expect(names(shareOf(fleet(3, 200), 100, 'x'))).toEqual(names(fleet(3, 200)));
    expect(shareOf(fleet(3, 200), 0, 'x')).toEqual([]);
  });

  test('has all nodes of a smaller share, whatever the order of the inventory', () => {
    const shares = fc.tuple(fc.integer({ min: 1, max: 100 }), fc.integer({ min: 1, max: 100 }));
    fc.assert(
      fc.property(fc.nat(5), fc.nat(60), shares, fc.string(), (masters, slaves, [a, b], salt) => {
        const nodes = fleet(masters, slaves);
        const small = names(shareOf(nodes, Math.min(a, b), salt));
        const large = new Set(names(shareOf([...nodes].reverse(), Math.max(a, b), salt)));
        return small.every((name) => large.has(name));
      }),
    );
  });

  test('needs the role of every node', () => {
    expect(() => waveNodes([{ ...node('s1', 'slave'), role: undefined }])).toThrow(
      '1 of 1 nodes have no role',
    );
  });
});

describe('the next wave', () => {
  const nodes = fleet(0, 100);
  const begun = nextWave({ percent: 1, versions, nodes }, undefined, 'stable-1');
  const pointer = (rollout: ChannelPointer['rollout']): ChannelPointer => ({
    ...{ schema: 1, channel: 'stable', counter: 1, versions: {}, revocations: 0, allowed: [] },
    ...{ issuedOn: '2026-11-30T08:00:00Z', expiresOn: '2026-12-30T08:00:00Z', rollout },
  });
  const at = (percent: number, settled: number) => {
    if (begun.rollout === undefined) throw new Error('there is no rollout');
    return pointer({ ...begun.rollout, versions, percent, settled });
  };

  test('is checked against no node at first, then against all nodes of the waves before it', () => {
    expect([begun.earlier.length, begun.nodes.length]).toEqual([0, 1]);
    const second = nextWave({ percent: 10, versions, nodes }, at(1, 0), 'other');
    expect(names(second.earlier)).toEqual(names(begun.nodes));
    expect(second.nodes).toHaveLength(10);
    expect(second.rollout).toMatchObject({ percent: 10, settled: 1, salt: 'stable-1' });
    const last = nextWave({ percent: 100, versions, nodes }, at(50, 10), 'other');
    expect([last.earlier.length, last.nodes.length, last.rollout]).toEqual([50, 100, undefined]);
  });

  test('may be repeated after an interruption: only the waves before it have to be well', () => {
    const again = nextWave({ percent: 10, versions, nodes }, at(10, 1), 'other');
    expect([again.earlier.length, again.nodes.length, again.rollout?.settled]).toEqual([1, 10, 1]);
  });

  test('is never smaller than the one before, and has the same inventory', () => {
    expect(() => nextWave({ percent: 1, versions, nodes }, at(10, 1), 'x')).toThrow('is at 10 % already');
    const grown = fleet(0, 101);
    expect(() => nextWave({ percent: 50, versions, nodes: grown }, at(10, 1), 'x')).toThrow(
      'the inventory is not the one',
    );
  });

  test('of other versions begins a rollout of its own', () => {
    const others = { slave: { version: '20261130-aaaaaaaaaaaa', rootHash: 'b'.repeat(64) } };
    const other = nextWave({ percent: 1, versions: others, nodes }, at(50, 10), 'stable-9');
    expect([other.earlier.length, other.rollout?.salt, other.rollout?.settled]).toEqual([0, 'stable-9', 0]);
  });
});
