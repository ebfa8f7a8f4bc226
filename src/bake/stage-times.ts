import type { Host } from '../host/host.ts';

/** How long each stage of a bake took, in seconds, in the order in which they ended. */
export class StageTimes {
  readonly #host: Host;
  /** When the bake began, milliseconds since 1970. */
  readonly begun: number;
  readonly #seconds = new Map<string, number>();

  constructor(host: Host) {
    this.#host = host;
    this.begun = host.now();
  }

  /** Times work; the time counts even when it fails. */
  async time<T>(name: string, work: () => Promise<T>): Promise<T> {
    const begun = this.#host.now();
    try {
      return await work();
    } finally {
      this.#seconds.set(name, (this.#host.now() - begun) / 1000);
    }
  }

  /** Keeps a time that was taken elsewhere. */
  note(name: string, seconds: number): void {
    this.#seconds.set(name, seconds);
  }

  get seconds(): Readonly<Record<string, number>> {
    return Object.fromEntries(this.#seconds);
  }
}
