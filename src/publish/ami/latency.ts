/** How long requests took; milliseconds. */
export interface LatencyFigures {
  readonly requests: number;
  readonly median: number;
  readonly p90: number;
  readonly p99: number;
  readonly slowest: number;
}

/** Each bucket ends 10 % later than the one before. */
const growth = 1.1;
const buckets = 120;

const bucketOf = (milliseconds: number): number =>
  Math.min(buckets - 1, Math.max(0, Math.ceil(Math.log(Math.max(1, milliseconds)) / Math.log(growth))));

/** A histogram of latencies from 1 ms to 100 s, exact to 10 %, in constant memory. */
export class LatencyHistogram {
  readonly #counts = new Array<number>(buckets).fill(0);
  #requests = 0;
  #slowest = 0;

  /** Adds one request. */
  add(milliseconds: number): void {
    const bucket = bucketOf(milliseconds);
    this.#counts[bucket] = (this.#counts[bucket] ?? 0) + 1;
    this.#requests += 1;
    this.#slowest = Math.max(this.#slowest, milliseconds);
  }

  #quantile(share: number): number {
    let seen = 0;
    for (const [bucket, count] of this.#counts.entries()) {
      seen += count;
      if (seen >= share * this.#requests && seen > 0)
        return Math.min(Math.round(growth ** bucket), Math.round(this.#slowest));
    }
    return 0;
  }

  /** The figures of all requests so far. */
  figures(): LatencyFigures {
    return {
      requests: this.#requests,
      median: this.#quantile(0.5),
      p90: this.#quantile(0.9),
      p99: this.#quantile(0.99),
      slowest: Math.round(this.#slowest),
    };
  }
}

/** The figures in one line. */
export function latencyText({ requests, median, p90, p99, slowest }: LatencyFigures): string {
  return `${requests} requests: median ${median} ms, 90 % ${p90} ms, 99 % ${p99} ms, slowest ${slowest} ms`;
}
