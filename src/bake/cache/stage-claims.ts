/** What the other bakes of this process make, seen by one bake. */
export interface StageTurn {
  /**
   * Waits until no other bake makes one of the stages that this one would make, then claims these.
   * @param missing returns the keys that the cache does not have now; called again after each wait
   * @param onWait called before each wait
   */
  readonly claim: (missing: () => Promise<readonly string[]>, onWait: () => void) => Promise<void>;
  /** Gives back all claimed keys but these. */
  readonly keepOnly: (keys: readonly string[]) => void;
  /** A stage is in the cache: whoever waits for it goes on. */
  readonly made: (key: string) => void;
  /** The bake is over. */
  readonly release: () => void;
}

/**
 * Which stages the bakes of this process make: each key is made by one of them, and others wait and take it from the
 * cache. A bake claims all at once and waits with no claim of its own, so two never wait for each other.
 */
export class StageClaims {
  /** Key → ends when the stage is in the cache, or nobody makes it any more. */
  readonly #making = new Map<string, { readonly ended: Promise<void>; readonly end: () => void }>();

  /** @param signal ends the wait of this bake */
  turn(signal: AbortSignal): StageTurn {
    const own = new Set<string>();
    const end = (key: string): void => {
      if (!own.delete(key)) return;
      this.#making.get(key)?.end();
      this.#making.delete(key);
    };
    return {
      claim: async (missing, onWait) => {
        for (;;) {
          const keys = await missing();
          const others = keys.flatMap((key) => this.#making.get(key) ?? []);
          if (others.length === 0) {
            // Nothing is awaited between the look and the claim.
            for (const key of keys) this.#claim(key, own);
            return;
          }
          onWait();
          await untilEnded(
            others.map(({ ended }) => ended),
            signal,
          );
        }
      },
      keepOnly: (keys) => {
        for (const key of [...own]) if (!keys.includes(key)) end(key);
      },
      made: end,
      release: () => {
        for (const key of [...own]) end(key);
      },
    };
  }

  #claim(key: string, own: Set<string>): void {
    own.add(key);
    let end = (): void => undefined;
    const ended = new Promise<void>((resolve) => {
      end = resolve;
    });
    this.#making.set(key, { ended, end });
  }
}

/** Waits until all have ended; throws the reason of the signal if that comes first. */
async function untilEnded(all: readonly Promise<void>[], signal: AbortSignal): Promise<void> {
  signal.throwIfAborted();
  let stop = (): void => undefined;
  const aborted = new Promise<never>((_, fail) => {
    stop = () => {
      fail(signal.reason as Error);
    };
    signal.addEventListener('abort', stop, { once: true });
  });
  try {
    await Promise.race([Promise.all(all), aborted]);
  } finally {
    signal.removeEventListener('abort', stop);
  }
}
