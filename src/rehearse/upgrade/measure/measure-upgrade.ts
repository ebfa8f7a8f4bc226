import type { TimedSample } from '../../judge/writers.ts';
import type { StepRecord } from '../journal.ts';
import type { Workload } from '../workload.ts';
import { leaderlessGaps, longestGapOf } from './leaderless.ts';
import { measureTasks } from './task-moves.ts';

/** The measurements of an upgrade; seconds count from its beginning. Plain JSON. */
export interface UpgradeMeasure {
  readonly seconds: number;
  readonly steps: readonly {
    readonly kind: StepRecord['kind'];
    readonly nodes: readonly string[];
    readonly at: number;
    readonly seconds: number;
    readonly parts: readonly { readonly what: string; readonly seconds: number }[];
    readonly saw: string;
  }[];
  /** The times in which no master was seen to lead. */
  readonly leaderless: {
    readonly longestSeconds: number;
    readonly gaps: readonly { readonly at: number; readonly seconds: number }[];
  };
  readonly tasks: {
    readonly wanted: number;
    readonly running: number;
    readonly moved: readonly {
      readonly task: string;
      readonly from: string;
      readonly to: string;
      readonly at: number;
      /** Seconds during which neither task was seen to run. */
      readonly seconds: number;
    }[];
    readonly lost: readonly { readonly task: string; readonly node: string; readonly at: number }[];
    readonly short: { readonly seconds: number; readonly fewest: number };
  };
}

/**
 * Measures an upgrade from the samples of all nodes.
 * @param samples those since shortly before its beginning
 * @param now milliseconds since 1970, as all times that are passed in
 */
export function measureUpgrade(
  samples: readonly TimedSample[],
  steps: readonly StepRecord[],
  workload: Pick<Workload, 'wanted' | 'belongs'>,
  now: number,
): UpgradeMeasure {
  const begun = steps[0]?.from ?? now;
  const at = (moment: number): number => (moment - begun) / 1000;
  const gaps = leaderlessGaps(samples, begun, now);
  const most = longestGapOf(gaps);
  const { moved, lost, running, short } = measureTasks(samples, workload.belongs, {
    wanted: workload.wanted,
    from: begun,
    to: now,
  });
  return {
    seconds: at(now),
    steps: steps.map(({ kind, nodes, from, to, parts, saw }) => ({
      kind,
      nodes,
      at: at(from),
      seconds: ((to ?? now) - from) / 1000,
      parts: parts.map((part) => ({ what: part.what, seconds: (part.to - part.from) / 1000 })),
      saw,
    })),
    leaderless: {
      longestSeconds: most === undefined ? 0 : (most.to - most.from) / 1000,
      gaps: gaps.map((gap) => ({ at: at(gap.from), seconds: (gap.to - gap.from) / 1000 })),
    },
    tasks: {
      wanted: workload.wanted,
      running,
      moved: moved.map(({ task, node, ended, next }) => ({
        task,
        from: node,
        to: next.node,
        at: at(ended),
        seconds: Math.max(0, next.began - ended) / 1000,
      })),
      lost: lost.map(({ task, node, to }) => ({ task, node, at: at(to) })),
      short,
    },
  };
}
