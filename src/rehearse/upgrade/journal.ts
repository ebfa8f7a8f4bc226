import type { UpgradeStep } from './procedure.ts';

/** One part of a step; times are milliseconds since 1970. */
export interface StepPart {
  /** fetch, drain, restart, trial, checks, return. */
  readonly what: string;
  readonly from: number;
  readonly to: number;
}

/** A step that was begun. */
export interface StepRecord {
  readonly kind: UpgradeStep['kind'];
  /** Names of the nodes. */
  readonly nodes: readonly string[];
  readonly from: number;
  /** The end of the step; undefined if it was not completed. */
  readonly to?: number;
  readonly parts: readonly StepPart[];
  /** The result of the step, as text. */
  readonly saw: string;
}

type Open = { -readonly [Key in keyof StepRecord]: StepRecord[Key] } & { parts: StepPart[] };

/** Records the steps of an upgrade with their times. */
export class Journal {
  readonly #now: () => number;
  readonly #steps: Open[] = [];

  constructor(now: () => number) {
    this.#now = now;
  }

  get steps(): readonly StepRecord[] {
    return this.#steps;
  }

  /**
   * Runs a step; the work returns its result as text. Throws what the work throws; the step then stays in the journal
   * without an end.
   */
  async step({ kind, nodes }: UpgradeStep, work: () => Promise<string>): Promise<void> {
    const names = nodes.map(({ name }) => name);
    const step: Open = { kind, nodes: names, from: this.#now(), parts: [], saw: '' };
    this.#steps.push(step);
    step.saw = await work();
    step.to = this.#now();
  }

  /** Runs a part of the step that was begun last. */
  async part<T>(what: string, work: () => Promise<T>): Promise<T> {
    const from = this.#now();
    const result = await work();
    this.#steps.at(-1)?.parts.push({ what, from, to: this.#now() });
    return result;
  }
}
