import type { UpgradeStep } from './procedure.ts';

/** One thing that was done in a step; times are milliseconds since 1970. */
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
  /** When it was done; undefined if it was not. */
  readonly to?: number;
  readonly parts: readonly StepPart[];
  /** What is to be said of it. */
  readonly saw: string;
}

type Open = { -readonly [Key in keyof StepRecord]: StepRecord[Key] } & { parts: StepPart[] };

/** What an upgrade does, step by step, with times. */
export class Journal {
  readonly #now: () => number;
  readonly #steps: Open[] = [];

  constructor(now: () => number) {
    this.#now = now;
  }

  get steps(): readonly StepRecord[] {
    return this.#steps;
  }

  /** Does a step; what the work returns is what is to be said of it. Throws what the work throws: the step stays in the journal without an end. */
  async step({ kind, nodes }: UpgradeStep, work: () => Promise<string>): Promise<void> {
    const names = nodes.map(({ name }) => name);
    const step: Open = { kind, nodes: names, from: this.#now(), parts: [], saw: '' };
    this.#steps.push(step);
    step.saw = await work();
    step.to = this.#now();
  }

  /** Does a part of the step that was begun last. */
  async part<T>(what: string, work: () => Promise<T>): Promise<T> {
    const from = this.#now();
    const result = await work();
    this.#steps.at(-1)?.parts.push({ what, from, to: this.#now() });
    return result;
  }
}
