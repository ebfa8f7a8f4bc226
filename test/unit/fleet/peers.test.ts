import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { nodeDigest } from '../../../src/fleet/answer/digest.ts';
import { type Head, parseHead } from '../../../src/fleet/answer/head.ts';
import { judgeFleet } from '../../../src/fleet/judge-fleet.ts';
import { SharedHeads } from '../../../src/fleet/shared-heads.ts';
import { headOf, sampleRootHash, sampleTime, sampleVersion } from '../../samples/fleet.ts';

const golden = headOf('golden');
const oldAnswer = readFileSync(new URL('../../samples/answer-of-schema-1.json', import.meta.url), 'utf8');

type Boot = NonNullable<Head['boot']>;
const boot = golden.boot as Boot;
const withSeed = (seed: string | null, of = golden): Head => ({
  ...of,
  seed,
  digest: nodeDigest({ ...of, seed: seed === null ? null : { sha256: seed } }),
});
const withBoot = (change: Partial<Boot>): Head => ({ ...golden, boot: { ...boot, ...change } });
const another = 'ab'.repeat(32);

function judge(heads: readonly Head[], more: { seeds?: string[]; knownRoots?: Map<string, string> } = {}) {
  const shared = new SharedHeads();
  const nodes = heads.map((head, index) => ({
    name: `n${index}`,
    role: undefined,
    answer: { kind: 'answered' as const, head: shared.share(head), when: sampleTime },
  }));
  const { groups, seed } = judgeFleet(nodes, {
    golden: new Map([
      ['slave', { version: sampleVersion, rootHash: sampleRootHash, from: { kind: 'store' as const } }],
    ]),
    now: sampleTime,
    maxAgeMs: 1000,
    ...more,
  });
  return { seed, said: groups.map(({ state, nodes: own, why }) => [state, own.join(' '), why ?? '']) };
}

describe('the seed of a fleet', () => {
  it('is the one that most nodes run, and a node with another is named', () => {
    const { said, seed } = judge([golden, golden, golden, withSeed(another)]);
    expect(said).toEqual([
      ['golden', 'n0 n1 n2', ''],
      ['other seed', 'n3', 'it runs another seed (abababababab…) than 3 of 4 nodes'],
    ]);
    expect(seed).toEqual({ kind: 'majority', digest: golden.seed, nodes: 3, of: 4 });
  });

  it('is the one that was named, however many nodes run another', () => {
    expect(judge([golden, golden, withSeed(another)], { seeds: [another] }).said).toEqual([
      ['golden', 'n2', ''],
      ['other seed', 'n0 n1', `it runs another seed (${golden.seed?.slice(0, 12) ?? ''}…) than --seed names`],
    ]);
  });

  it('may be one of several, for several clusters', () => {
    // Their digests differ, so they are two groups: each is golden.
    expect(judge([golden, withSeed(another)], { seeds: [another, golden.seed ?? ''] }).said.sort()).toEqual([
      ['golden', 'n0', ''],
      ['golden', 'n1', ''],
    ]);
  });

  it('is reported as missing on a node without one', () => {
    expect(judge([golden, golden, withSeed(null)]).said[1]).toEqual(['other seed', 'n2', 'it has no seed']);
  });

  it('is reported in addition to the drift of a node that has both', () => {
    const both = withSeed(another, headOf('edited'));
    expect(judge([golden, golden, both]).said[1]).toEqual([
      'drifted',
      'n2',
      'it runs another seed (abababababab…) than 2 of 3 nodes',
    ]);
  });

  it('is not determined by nodes whose root is not enforced', () => {
    const unverified = withSeed(another, headOf('unverified'));
    expect(judge([golden, unverified, unverified]).seed).toMatchObject({ digest: golden.seed });
  });

  it('is part of the digest: a first line that names another seed is refused', () => {
    const line = readFileSync(
      new URL('../../../examples/fleet/answers/demo-slave-1.json', import.meta.url),
      'utf8',
    );
    expect(parseHead(line.replace(golden.seed ?? '', another))).toEqual({
      problem: 'its digest does not match its content',
    });
  });
});

describe('the boot partition', () => {
  it('is compared only among nodes with the same disk image', () => {
    const other = { loader: another };
    expect(judge([golden, golden, withBoot(other)]).said).toEqual([
      ['golden', 'n0 n1', ''],
      ['other boot', 'n2', 'its boot loader differs from that of nodes with the same disk image'],
    ]);
    expect(judge([golden, golden, withBoot({ ...other, esp: 'FFFF-0000' })]).said).toEqual([
      ['golden', 'n0 n1 n2', ''],
    ]);
  });

  it('names all of them if two loaders are on the same number of nodes', () => {
    expect(judge([golden, withBoot({ loader: another })]).said).toEqual([
      ['other boot', 'n0 n1', 'nodes with the same disk image have different boot loaders'],
    ]);
  });

  it('may contain another version in its other slot, but not one with a name of the store and another root', () => {
    const slots = (rootHash: string): Boot['slots'] => ({
      ...boot.slots,
      b: { version: '20261101-bbbbbbbbbbbb', rootHash, signed: true, proven: true },
    });
    const knownRoots = new Map([['slave/20261101-bbbbbbbbbbbb', another]]);
    const heads = [golden, withBoot({ slots: slots(another) }), withBoot({ slots: slots('cd'.repeat(32)) })];
    expect(judge(heads, { knownRoots }).said).toEqual([
      ['golden', 'n0 n1', ''],
      [
        'other boot',
        'n2',
        'slot b holds 20261101-bbbbbbbbbbbb with a root hash that differs from the store’s',
      ],
    ]);
    expect(judge(heads).said).toEqual([['golden', 'n0 n1 n2', '']]);
  });
});

describe('an answer of an older image', () => {
  const read = parseHead(oldAnswer);
  if (!('head' in read)) throw new Error(read.problem);
  const { head: old } = read;

  it('is read, and compared with no seed', () => {
    expect(old).toMatchObject({ schema: 1, seed: undefined, boot: undefined });
    expect(judge([golden, { ...old, rootHash: sampleRootHash }].slice(1)).said[0]?.[0]).toBe('golden');
  });

  it('is not accepted from a node whose root reports more on other nodes', () => {
    expect(judge([golden, golden, { ...old, rootHash: sampleRootHash }]).said[1]).toEqual([
      'other seed',
      'n2',
      'it does not report its seed, but others with the same root do',
    ]);
  });
});

it('the result is the same in whatever order the nodes answer', () => {
  const heads = fc.constantFrom(golden, withSeed(another), withBoot({ loader: another }), withSeed(null));
  fc.assert(
    fc.property(
      fc
        .array(heads, { maxLength: 12 })
        .chain((all) => fc.tuple(fc.constant(all), fc.shuffledSubarray(all, { minLength: all.length }))),
      ([one, other]) => {
        const states = (of: readonly Head[]) =>
          judge(of)
            .said.map(([state, names, why]) => [state, names?.split(' ').length, why].join())
            .sort();
        expect(states(one)).toEqual(states(other));
      },
    ),
  );
});
