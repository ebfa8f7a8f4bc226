import type { BoardContent, BoardStage } from './board.ts';
import type { OutlineStage } from './progress-view.ts';

/** How far some work is. */
export interface Forecast {
  /** From 0 to 1. */
  readonly share: number;
  /** Stages of the outline that are over, and all of them. */
  readonly done: number;
  readonly of: number;
  /** How long the rest took in earlier runs; undefined if a stage of it never ran on this host. */
  readonly secondsLeft: number | undefined;
}

/** A running stage that takes longer than ever is never shown as complete. */
const mostOfRunning = 0.95;

/** Seconds that a stage has run, or took. */
export function shownSeconds({ node, state, seconds }: BoardStage, now: number): number {
  return state === 'running' ? Math.max(0, (now - node.begunAt) / 1000) : seconds;
}

/** The stage of the first level that an entry of the outline is about, if it has begun. */
export function begunStage({ stages }: BoardContent, { title }: OutlineStage): BoardStage | undefined {
  return stages.findLast(({ node }) => node.title === title);
}

/** The average of the known durations; 1 if none is known, so that every stage counts the same. */
function usualSeconds(stages: readonly OutlineStage[]): number {
  const known = stages.flatMap(({ expectedSeconds }) => expectedSeconds ?? []);
  return known.length === 0 ? 1 : known.reduce((sum, one) => sum + one, 0) / known.length;
}

/** Computes how far the work is, from what its stages took in earlier runs. */
export function forecast(board: BoardContent, now: number): Forecast {
  const stages = board.outline.stages.filter(({ fromCache }) => fromCache !== true);
  const usual = usualSeconds(stages);
  let whole = 0;
  let over = 0;
  let done = 0;
  let left: number | undefined = 0;
  for (const stage of stages) {
    const weight = Math.max(stage.expectedSeconds ?? usual, 0.1);
    whole += weight;
    const begun = begunStage(board, stage);
    if (begun !== undefined && begun.state !== 'running') {
      over += weight;
      done += 1;
      continue;
    }
    const ran = begun === undefined ? 0 : shownSeconds(begun, now);
    if (stage.expectedSeconds === undefined) left = undefined;
    else {
      over += Math.min(ran, mostOfRunning * weight);
      if (left !== undefined) left += Math.max(0, stage.expectedSeconds - ran);
    }
  }
  return { share: whole === 0 ? 0 : over / whole, done, of: stages.length, secondsLeft: left };
}
