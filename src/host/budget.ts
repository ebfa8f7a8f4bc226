/** Processors and memory, for work or in all. */
export interface Share {
  readonly processors: number;
  readonly memoryMiB: number;
}

interface Waiting {
  readonly share: Share;
  readonly begin: () => void;
}

/**
 * Processors and memory that several works divide. Each takes its share before it begins, in the order in which they
 * asked. It limits what is begun, not what a program then uses.
 */
export class Budget {
  readonly #all: Share;
  #free: Share;
  readonly #waiting: Waiting[] = [];

  constructor(all: Share) {
    this.#all = all;
    this.#free = all;
  }

  /**
   * Does work when its share is free. Work that asks for more than there is gets all, and so runs by itself.
   * @param signal ends the wait
   * @param onWait called if the work has to wait
   */
  async with<T>(
    { processors, memoryMiB }: Share,
    { signal, onWait }: { readonly signal: AbortSignal; readonly onWait?: () => void },
    work: () => Promise<T>,
  ): Promise<T> {
    const share = {
      processors: Math.min(processors, this.#all.processors),
      memoryMiB: Math.min(memoryMiB, this.#all.memoryMiB),
    };
    signal.throwIfAborted();
    await this.#take(share, signal, onWait);
    try {
      return await work();
    } finally {
      this.#add(share, 1);
      this.#next();
    }
  }

  async #take(share: Share, signal: AbortSignal, onWait: (() => void) | undefined): Promise<void> {
    if (this.#waiting.length === 0 && this.#fits(share)) {
      this.#add(share, -1);
      return;
    }
    onWait?.();
    await new Promise<void>((begin, fail) => {
      const stop = (): void => {
        this.#waiting.splice(this.#waiting.indexOf(waiting), 1);
        fail(signal.reason as Error);
        // The one behind it may fit.
        this.#next();
      };
      const waiting: Waiting = {
        share,
        begin: () => {
          signal.removeEventListener('abort', stop);
          begin();
        },
      };
      signal.addEventListener('abort', stop, { once: true });
      this.#waiting.push(waiting);
    });
  }

  /** Begins what fits, in order: a large work is not overtaken for ever by small ones. */
  #next(): void {
    for (
      let [first] = this.#waiting;
      first !== undefined && this.#fits(first.share);
      [first] = this.#waiting
    ) {
      this.#waiting.shift();
      this.#add(first.share, -1);
      first.begin();
    }
  }

  #fits({ processors, memoryMiB }: Share): boolean {
    return processors <= this.#free.processors && memoryMiB <= this.#free.memoryMiB;
  }

  #add({ processors, memoryMiB }: Share, sign: 1 | -1): void {
    this.#free = {
      processors: this.#free.processors + sign * processors,
      memoryMiB: this.#free.memoryMiB + sign * memoryMiB,
    };
  }
}
