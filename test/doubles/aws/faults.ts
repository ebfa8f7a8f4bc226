/** What the double does in place of answering. */
export type FaultKind =
  /** Refuses, because too much is asked for. */
  | 'throttle'
  /** Answers 500. */
  | 'error'
  /** Closes the connection without an answer. */
  | 'reset'
  /** Does what was asked, then closes the connection in the middle of the answer. */
  | 'cut'
  /** Never answers. */
  | 'stall'
  /** One bit of the data is another when it arrives. */
  | 'damage'
  /** Stores other data than it confirms. */
  | 'store-wrong'
  /** The credentials may not do it. */
  | 'deny'
  /** The session of the credentials is over. */
  | 'expire';

/** A fault, and the requests that it hits. */
export interface Fault {
  readonly kind: FaultKind;
  readonly operation: string;
  /** Only in this region. */
  readonly region?: string;
  /** The first request of the operation that it hits, counted from 1; default 1. */
  readonly from?: number;
  /** How many requests it hits; default 1. */
  readonly times?: number;
  /** It hits only one in so many requests; default 1. */
  readonly every?: number;
}

/** Decides which requests go wrong. */
export class Faults {
  readonly #faults: readonly Fault[];
  readonly #seen = new Map<string, number>();
  readonly #hits = new Map<Fault, number>();

  constructor(faults: readonly Fault[]) {
    this.#faults = faults;
  }

  /** The fault of the next request of an operation; undefined if it is answered. */
  next(operation: string, region: string): FaultKind | undefined {
    const count = (this.#seen.get(operation) ?? 0) + 1;
    this.#seen.set(operation, count);
    const fault = this.#faults.find((one) => {
      const { from = 1, times = 1, every = 1 } = one;
      return (
        one.operation === operation &&
        (one.region === undefined || one.region === region) &&
        count >= from &&
        (count - from) % every === 0 &&
        (this.#hits.get(one) ?? 0) < times
      );
    });
    if (fault === undefined) return undefined;
    this.#hits.set(fault, (this.#hits.get(fault) ?? 0) + 1);
    return fault.kind;
  }
}
