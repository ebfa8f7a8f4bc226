import type { Host } from '../host/host.ts';

/** The duration of each stage of a bake, in seconds, in the order in which the stages ended. */
export class StageTimes {
  readonly #host: Host;
  /** When the bake began, milliseconds since 1970. */
  readonly begun: number;
  readonly #seconds = new Map<string, number>();

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
      this.#seconds.set(name, (this.#host.now() - begun) / 1000);
    }
  }

  /** Records a time that was measured elsewhere. */
  note(name: string, seconds: number): void {
    this.#seconds.set(name, seconds);
  }

  get seconds(): Readonly<Record<string, number>> {
    return Object.fromEntries(this.#seconds);
  }
}
