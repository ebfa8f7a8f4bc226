import type { NodeSample } from '../node-sample.ts';

/** A sample of one node with the moments of our own clock between which it was made (milliseconds since 1970). */
export interface TimedSample {
  readonly node: string;
  readonly from: number;
  readonly to: number;
  readonly sample: NodeSample;
}

interface Span {
  readonly node: string;
  readonly from: number;
  readonly to: number;
}

/** Two nodes that did the same at the same time. */
export interface Overlap {
  readonly nodes: readonly [string, string];
  readonly seconds: number;
}

/** Whether a master claims to be elected. */
export const claimsElection = ({ master }: NodeSample): boolean => master?.elected === true;
/** Whether a master claims to be elected, on a node whose writes a quorum commits. */
export const leadsAndWrites = (sample: NodeSample): boolean => claimsElection(sample) && sample.writes;

/**
 * When a node did something. A sample that shows it counts from the previous sample to the next one. Nothing is known
 * about the time in between, so the worst case is assumed.
 */
function spansOf(samples: readonly TimedSample[], does: (sample: NodeSample) => boolean): Span[] {
  const spans: Span[] = [];
  samples.forEach(({ node, from, to, sample }, index) => {
    if (!does(sample)) return;
    const begin = samples[index - 1]?.to ?? from;
    const end = samples[index + 1]?.from ?? to;
    const last = spans.at(-1);
    if (last !== undefined && last.to >= begin) spans[spans.length - 1] = { ...last, to: end };
    else spans.push({ node, from: begin, to: end });
  });
  return spans;
}

function byNode(samples: readonly TimedSample[]): TimedSample[][] {
  const nodes = [...new Set(samples.map(({ node }) => node))];
  return nodes.map((name) => samples.filter(({ node }) => node === name).sort((a, b) => a.from - b.from));
}

/**
 * Every pair of nodes that did something at the same time, and for how long. Gaps between samples count as the worst
 * case, so nothing is missed.
 */
export function overlaps(samples: readonly TimedSample[], does: (sample: NodeSample) => boolean): Overlap[] {
  const spans = byNode(samples).map((own) => spansOf(own, does));
  return spans.flatMap((own, index) =>
    spans.slice(index + 1).flatMap((other) =>
      own.flatMap((one) =>
        other.flatMap((two): Overlap[] => {
          const milliseconds = Math.min(one.to, two.to) - Math.max(one.from, two.from);
          return milliseconds > 0 ? [{ nodes: [one.node, two.node], seconds: milliseconds / 1000 }] : [];
        }),
      ),
    ),
  );
}

/** The longest time in seconds between two samples of a node. */
export function longestGap(samples: readonly TimedSample[]): number {
  const gaps = byNode(samples).flatMap((own) =>
    own.slice(1).map(({ from }, index) => from - (own[index]?.to ?? from)),
  );
  return Math.max(0, ...gaps) / 1000;
}
