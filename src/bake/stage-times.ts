import type { Host } from '../host/host.ts';

/** When a stage of a bake ran, in seconds since the bake began. */
export interface StageSpan {
  readonly begun: number;
  readonly seconds: number;
}

/** The duration of each stage of a bake, in seconds, in the order in which the stages ended. */
export class StageTimes {
  readonly #host: Host;
  /** When the bake began, milliseconds since 1970. */
  readonly begun: number;
  readonly #spans = new Map<string, StageSpan>();

  constructor(host: Host) {
    this.#host = host;
    this.begun = host.now();
  }

  /** Times work; the time is recorded even when the work fails. */
  async time<T>(name: string, work: () => Promise<T>): Promise<T> {
    const begun = this.#host.now();
    try {
      return await work();
    } finally {
      this.#add(name, begun, (this.#host.now() - begun) / 1000);
    }
  }

  /** Records a time that was measured elsewhere, of work that ends now. */
  note(name: string, seconds: number): void {
    this.#add(name, this.#host.now() - seconds * 1000, seconds);
  }

  /** When each stage ran, in the order in which the stages ended. */
  get spans(): ReadonlyMap<string, StageSpan> {
    return this.#spans;
  }

  get seconds(): Readonly<Record<string, number>> {
    return Object.fromEntries([...this.#spans].map(([name, { seconds }]) => [name, seconds]));
  }

  #add(name: string, from: number, seconds: number): void {
    this.#spans.set(name, { begun: Math.max(0, from - this.begun) / 1000, seconds });
  }
}
