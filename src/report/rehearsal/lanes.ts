import type { NodeSample } from '../../rehearse/node-sample.ts';
import type { NodeSamples } from './read-samples.ts';

/** A stretch of time in which something of a node was the same; seconds since the beginning of the drawing. */
export interface Stretch {
  readonly from: number;
  readonly to: number;
  /** What was seen: "leads", "follows", "waits". */
  readonly state: LaneState;
  /** A few words for people. */
  readonly text: string;
}

export type LaneState = 'leads' | 'follows' | 'waits';

/** One line of the drawing. */
export interface Lane {
  readonly node: string;
  /** "ZooKeeper", "Mesos", "Marathon", "agent". */
  readonly what: string;
  readonly stretches: readonly Stretch[];
}

type Seen = Pick<Stretch, 'state' | 'text'> | undefined;

const services: readonly { readonly what: string; readonly of: (sample: NodeSample) => Seen }[] = [
  {
    what: 'ZooKeeper',
    of: ({ role, zookeeper }) => {
      if (role !== 'master' || zookeeper === null) return undefined;
      if (zookeeper === 'leader' || zookeeper === 'standalone') return { state: 'leads', text: zookeeper };
      return { state: zookeeper === 'follower' ? 'follows' : 'waits', text: zookeeper };
    },
  },
  {
    what: 'Mesos',
    of: ({ master }) => {
      if (master === null) return undefined;
      if (master.elected) return { state: 'leads', text: 'elected master' };
      return master.leader === null
        ? { state: 'waits', text: 'knows no leader' }
        : { state: 'follows', text: `follows ${master.leader}` };
    },
  },
  {
    what: 'Marathon',
    of: ({ role, marathon, address }) => {
      if (role !== 'master' || marathon === null) return undefined;
      if (marathon.leader === null) return { state: 'waits', text: 'knows no leader' };
      const own = address !== null && marathon.leader.startsWith(`${address}:`);
      return own
        ? { state: 'leads', text: 'leads' }
        : { state: 'follows', text: `follows ${marathon.leader}` };
    },
  },
  {
    what: 'agent',
    of: ({ agent }) => {
      if (agent === null) return undefined;
      return agent.registered
        ? { state: 'follows', text: `registered with ${agent.master ?? 'a master'}` }
        : { state: 'waits', text: 'not registered' };
    },
  },
];

/**
 * The longest time between two samples of a node, in seconds, for which it counts as seen all the time. While it
 * starts, an emulated node is sampled every fifteen seconds.
 */
const longestPause = 20;

function stretchesOf(
  samples: readonly NodeSample[],
  begin: number,
  of: (sample: NodeSample) => Seen,
): Stretch[] {
  const stretches: Stretch[] = [];
  samples.forEach((sample, index) => {
    const seen = of(sample);
    if (seen === undefined) return;
    const next = samples[index + 1];
    const goesOn =
      next !== undefined &&
      next.bootId === sample.bootId &&
      next.at - (sample.at + sample.took) <= longestPause;
    const from = sample.at - begin;
    const to = (goesOn ? next.at : sample.at + sample.took) - begin;
    const last = stretches.at(-1);
    if (last?.state === seen.state && last.text === seen.text && from - last.to < 0.001)
      stretches[stretches.length - 1] = { ...last, to };
    else stretches.push({ from, to: Math.max(from, to), ...seen });
  });
  return stretches;
}

/**
 * The lanes of all nodes: which service led on which node when. Only services that a node was ever seen to run.
 * @param begin seconds since 1970 at which the drawing begins
 */
export function lanesOf(nodes: readonly NodeSamples[], begin: number): Lane[] {
  return nodes.flatMap(({ node, samples }) =>
    services.flatMap(({ what, of }): Lane[] => {
      const stretches = stretchesOf(samples, begin, of);
      return stretches.length === 0 ? [] : [{ node, what, stretches }];
    }),
  );
}

/** Starts of a node: seconds since the drawing's beginning at which a sample first shows another boot or version. */
export interface NodeStart {
  readonly node: string;
  readonly at: number;
  readonly version: string | null;
}

/** When each node was first seen after each of its starts. */
export function startsOf(nodes: readonly NodeSamples[], begin: number): NodeStart[] {
  return nodes.flatMap(({ node, samples }) => {
    let bootId: string | null = null;
    return samples.flatMap((sample) => {
      if (sample.bootId === null || sample.bootId === bootId) return [];
      bootId = sample.bootId;
      return [{ node, at: sample.at - begin, version: sample.version }];
    });
  });
}

/** Who led one service, one line for each change, in order. */
export function leadersOf(
  lanes: readonly Lane[],
): { readonly what: string; readonly node: string; readonly stretch: Stretch }[] {
  return lanes
    .flatMap(({ node, what, stretches }) =>
      stretches.filter(({ state }) => state === 'leads').map((stretch) => ({ what, node, stretch })),
    )
    .toSorted((a, b) => a.stretch.from - b.stretch.from);
}
