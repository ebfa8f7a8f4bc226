import type { Look } from '../node-sample.ts';

/** A look of one node with the moments of our own clock between which it was made (milliseconds since 1970). */
export interface TimedLook {
  readonly node: string;
  readonly from: number;
  readonly to: number;
  readonly look: Look;
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
export const claimsElection = ({ master }: Look): boolean => master?.elected === true;
/** Whether a master claims to be elected, on a node whose writes a quorum commits. */
export const leadsAndWrites = (look: Look): boolean => claimsElection(look) && look.writes;

/**
 * When a node did something. A look that shows it counts from the previous look to the next one: nothing is known in
 * between, so the worst case is assumed.
 */
function spansOf(looks: readonly TimedLook[], does: (look: Look) => boolean): Span[] {
  const spans: Span[] = [];
  looks.forEach(({ node, from, to, look }, index) => {
    if (!does(look)) return;
    const begin = looks[index - 1]?.to ?? from;
    const end = looks[index + 1]?.from ?? to;
    const last = spans.at(-1);
    if (last !== undefined && last.to >= begin) spans[spans.length - 1] = { ...last, to: end };
    else spans.push({ node, from: begin, to: end });
  });
  return spans;
}

function byNode(looks: readonly TimedLook[]): TimedLook[][] {
  const nodes = [...new Set(looks.map(({ node }) => node))];
  return nodes.map((name) => looks.filter(({ node }) => node === name).sort((a, b) => a.from - b.from));
}

/**
 * Every pair of nodes that did something at the same time, and for how long. Gaps between looks count as the worst
 * case, so nothing is missed.
 */
export function overlaps(looks: readonly TimedLook[], does: (look: Look) => boolean): Overlap[] {
  const spans = byNode(looks).map((own) => spansOf(own, does));
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

/** The longest time in seconds between two looks at a node. */
export function longestGap(looks: readonly TimedLook[]): number {
  const gaps = byNode(looks).flatMap((own) =>
    own.slice(1).map(({ from }, index) => from - (own[index]?.to ?? from)),
  );
  return Math.max(0, ...gaps) / 1000;
}
