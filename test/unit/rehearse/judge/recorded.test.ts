import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { electionNotYet } from '../../../../src/rehearse/judge/not-yet.ts';
import { type ReceivedSample, timedSamples } from '../../../../src/rehearse/judge/timed-samples.ts';
import { violations } from '../../../../src/rehearse/judge/violations.ts';
import { claimsElection, leadsAndWrites, overlaps } from '../../../../src/rehearse/judge/writers.ts';
import { parseSample } from '../../../../src/rehearse/node-sample.ts';
import { three } from '../../../samples/node-samples.ts';

interface Recorded {
  readonly address: string;
  readonly writes: boolean;
  readonly master: { readonly elected: boolean; readonly ensemble: number } | null;
}

/**
 * A sample in today's format: the recorded ones do not contain the elections, and have 2·quorum−1 in place of the
 * quorum.
 */
function asOfNow(sample: Recorded): object {
  const own = `${sample.address}:5050`;
  const named = sample.master?.elected === true ? own : null;
  return {
    ...sample,
    master: sample.master && { ...sample.master, leader: named, quorum: (sample.master.ensemble + 1) / 2 },
    elections: sample.writes ? { mesos: named, marathon: null } : null,
  };
}

/** The samples of three real masters while the leader, master-3, was cut off from the other two. */
const heard = readFileSync(join(import.meta.dirname, '../recorded/partition.ndjson'), 'utf8')
  .trim()
  .split('\n')
  .map((line): ReceivedSample => {
    const { node, arrived, look } = JSON.parse(line) as { node: string; arrived: number; look: Recorded };
    const read = parseSample(JSON.stringify(asOfNow(look)));
    if (read === undefined) throw new Error(`no sample: ${line}`);
    return { node, arrived, sample: read };
  });
const samples = timedSamples(heard);
const of = (name: string) => samples.filter(({ node }) => node === name);

describe('a recorded partition', () => {
  it('has one leader at its beginning and another at its end, and never two that could write', () => {
    expect(
      of('master-3')
        .map(({ sample }) => claimsElection(sample))
        .slice(0, 3),
    ).toEqual([true, true, true]);
    expect(
      of('master-2')
        .slice(-3)
        .map(({ sample }) => leadsAndWrites(sample)),
    ).toEqual([true, true, true]);
    expect(overlaps(samples, leadsAndWrites)).toEqual([]);
  });

  it('would not have passed if the master that was cut off could still write', () => {
    const first = of('master-2').findIndex(({ sample }) => leadsAndWrites(sample));
    const until = (of('master-2')[first]?.to ?? 0) + 2000;
    const split = samples.map((one) =>
      one.node === 'master-3' && one.from < until
        ? {
            ...one,
            sample: {
              ...one.sample,
              writes: true,
              master: { elected: true, recovered: true, leader: '10.77.0.11:5050', quorum: 2, agents: 2 },
            },
          }
        : one,
    );
    expect(new Set(overlaps(split, leadsAndWrites)[0]?.nodes)).toEqual(new Set(['master-2', 'master-3']));
  });

  it('shows no violation, and no elected master between the two leaders', () => {
    const seed = three.map(({ address }) => address);
    const views = samples.map((_, index) => ({
      nodes: three.map((place) => ({
        place,
        seed,
        sample: samples.slice(0, index + 1).findLast(({ node }) => node === place.name)?.sample,
      })),
    }));
    expect(views.flatMap(violations)).toEqual([]);
    expect(views.map((view) => electionNotYet(view)[0])).toContain('elected masters: none');
  });
});
