import type { TimedSample } from '../../judge/writers.ts';
import { claimsElection } from '../../judge/writers.ts';

/** A time in which no master was seen to lead; milliseconds since 1970. */
export interface Gap {
  readonly from: number;
  readonly to: number;
}

interface Span {
  readonly from: number;
  readonly to: number;
}

/** When a node certainly led: from one sample that shows it to the next, within one start of the node. */
function ledSpans(samples: readonly TimedSample[]): Span[] {
  return samples.flatMap((one, index): Span[] => {
    if (!claimsElection(one.sample)) return [];
    const before = samples[index - 1];
    const goesOn =
      before !== undefined && claimsElection(before.sample) && before.sample.bootId === one.sample.bootId;
    return [{ from: goesOn ? before.from : one.from, to: one.to }];
  });
}

/**
 * The times between two moments in which no master was seen to lead. The time between a sample that shows a leader and
 * one that does not counts as leaderless, so a gap is never reported shorter than it was.
 * @param samples of any nodes, in the order of each node
 */
export function leaderlessGaps(samples: readonly TimedSample[], from: number, to: number): Gap[] {
  const nodes = [...new Set(samples.map(({ node }) => node))];
  const spans = nodes
    .flatMap((name) => ledSpans(samples.filter(({ node }) => node === name).sort((a, b) => a.from - b.from)))
    .sort((a, b) => a.from - b.from);
  const gaps: Gap[] = [];
  let led = from;
  for (const span of spans) {
    if (span.from > led) gaps.push({ from: led, to: Math.min(span.from, to) });
    led = Math.max(led, span.to);
    if (led >= to) return gaps;
  }
  return led < to ? [...gaps, { from: led, to }] : gaps;
}

/** The longest of them; undefined if there is none. */
export function longestGapOf(gaps: readonly Gap[]): Gap | undefined {
  return gaps.reduce<Gap | undefined>(
    (most, gap) => (most === undefined || gap.to - gap.from > most.to - most.from ? gap : most),
    undefined,
  );
}
