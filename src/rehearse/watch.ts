import type { IngotError } from '../host/ingot-error.ts';
import { drillFailure } from './drill-failure.ts';
import { type ReceivedSample, timedSamples } from './judge/timed-samples.ts';
import { unelectedLeaders, violations } from './judge/violations.ts';
import type { TimedSample } from './judge/writers.ts';
import type { NodeSample } from './node-sample.ts';
import type { ClusterView, NodeView } from './view.ts';

/** What a drill waits for. */
export interface AwaitedCondition {
  /** As in "… within 40 s". */
  readonly what: string;
  readonly limitSeconds: number;
  /** What is still missing, as text for people; empty when the condition is met. */
  readonly missing: (view: ClusterView) => readonly string[];
  /** Seconds for which nothing may be missing. */
  readonly holdSeconds?: number;
}

type Judge = (view: ClusterView) => string[];

/**
 * Faults that must not last. A fault counts if another sample still shows it after these milliseconds, because a node
 * that is starting shows transient states.
 */
const faults = [
  { judge: violations, lastsMs: 5000 },
  { judge: unelectedLeaders, lastsMs: 30_000 },
] as const;

/** Collects the samples of all nodes as they arrive, and waits for conditions on them. */
export class Watch {
  readonly #now: () => number;
  readonly #signal: AbortSignal;
  readonly #nodes: () => readonly Omit<NodeView, 'sample'>[];
  readonly #received: ReceivedSample[] = [];
  readonly #newest = new Map<string, ReceivedSample>();
  readonly #unreached = new Map<string, string>();
  readonly #waiting = new Set<() => void>();
  readonly #since = new Map<Judge, Map<string, number>>();
  #failure: IngotError | undefined;

  /** @param nodes every node that is switched on now */
  constructor(options: {
    readonly now: () => number;
    readonly signal: AbortSignal;
    readonly nodes: () => readonly Omit<NodeView, 'sample'>[];
  }) {
    this.#now = options.now;
    this.#signal = options.signal;
    this.#nodes = options.nodes;
  }

  receive(node: string, sample: NodeSample): void {
    const received = { node, arrived: this.#now(), sample };
    this.#received.push(received);
    this.#newest.set(node, received);
    this.#unreached.delete(node);
    this.#wake();
  }

  /**
   * Forgets the newest sample of a node, which has ended or restarted.
   * @param unreached why the node cannot be reached, if that is known
   */
  forget(node: string, unreached = ''): void {
    this.#newest.delete(node);
    this.#unreached.delete(node);
    if (unreached !== '') this.#unreached.set(node, unreached);
    this.#wake();
  }

  /** Records an event that ends every drill, for example a machine that ended unexpectedly. */
  fail(failure: IngotError): void {
    this.#failure ??= failure;
    this.#wake();
  }

  /** The newest sample of a node that began after a moment; undefined if there is none. */
  sampleOf(node: string, after = 0): NodeSample | undefined {
    const newest = this.#newest.get(node);
    return newest !== undefined && newest.arrived - newest.sample.took * 1000 > after
      ? newest.sample
      : undefined;
  }

  /** The cluster now, by samples that began after a moment. */
  view(after = 0): ClusterView {
    return {
      nodes: this.#nodes().map((node) => {
        const unreached = this.#unreached.get(node.place.name);
        const sample = this.sampleOf(node.place.name, after);
        return { ...node, sample, ...(unreached === undefined ? {} : { unreached }) };
      }),
    };
  }

  /** Every sample that ended after a moment, by our own clock. */
  samplesSince(moment: number): TimedSample[] {
    return timedSamples(this.#received).filter(({ to }) => to >= moment);
  }

  /**
   * Waits until nothing is missing, by samples that began after this call.
   * @returns milliseconds since 1970 when nothing was missing first
   * @throws IngotError node-failed if it takes too long, or if a node violates a rule
   */
  async until({ what, limitSeconds, missing, holdSeconds = 0 }: AwaitedCondition): Promise<number> {
    const begun = this.#now();
    let since: number | undefined;
    const missingSince = new Map<string, number>();
    return this.#each((resolve, reject) => {
      const now = this.#now();
      const reasons = missing(this.view(begun));
      if (reasons.length > 0) since = undefined;
      else since ??= now;
      for (const text of missingSince.keys()) if (!reasons.includes(text)) missingSince.delete(text);
      for (const text of reasons) if (!missingSince.has(text)) missingSince.set(text, now);
      if (since !== undefined && now - since >= holdSeconds * 1000) resolve(since);
      else if (now - begun > limitSeconds * 1000)
        reject(
          drillFailure(
            `${what}: not within ${limitSeconds} s`,
            // A permanent fault and an intermittent one have different causes.
            reasons.map(
              (text) => `${text} (for ${Math.round((now - (missingSince.get(text) ?? now)) / 1000)} s)`,
            ),
          ),
        );
    });
  }

  /** Lets time pass while all nodes are watched. Throws as `until` does. */
  async during(seconds: number): Promise<void> {
    const end = this.#now() + seconds * 1000;
    await this.#each((resolve) => {
      if (this.#now() >= end) resolve(this.#now());
    });
  }

  /** Throws if an event that ends every drill has occurred. */
  check(): void {
    this.#signal.throwIfAborted();
    if (this.#failure !== undefined) throw this.#failure;
    const now = this.#now();
    const lasting = faults.flatMap(({ judge, lastsMs }) => {
      const since = this.#lasting(judge);
      // Counted by samples that began later: a single sample at the moment of a change proves nothing.
      return [...since]
        .filter(([text, at]) => now - at >= lastsMs && judge(this.view(at)).includes(text))
        .map(([text]) => text);
    });
    if (lasting.length > 0) throw drillFailure(lasting[0] ?? '', lasting.slice(1));
  }

  /** The current findings, each with the time since which every sample has shown it. */
  #lasting(judge: Judge): ReadonlyMap<string, number> {
    const before = this.#since.get(judge);
    const now = this.#now();
    const since = new Map(judge(this.view()).map((text) => [text, before?.get(text) ?? now]));
    this.#since.set(judge, since);
    return since;
  }

  #wake(): void {
    for (const turn of [...this.#waiting]) turn();
  }

  /** Calls `check` at each arrival, and once a second for conditions that only depend on time. */
  async #each(
    check: (resolve: (at: number) => void, reject: (error: unknown) => void) => void,
  ): Promise<number> {
    return new Promise((resolve, reject) => {
      const end = (): void => {
        clearInterval(timer);
        this.#waiting.delete(turn);
        this.#signal.removeEventListener('abort', turn);
      };
      const turn = (): void => {
        try {
          this.check();
          check(
            (at) => {
              end();
              resolve(at);
            },
            (error) => {
              throw error;
            },
          );
        } catch (error) {
          end();
          reject(error instanceof Error ? error : new Error(String(error)));
        }
      };
      const timer = setInterval(turn, 1000);
      this.#waiting.add(turn);
      this.#signal.addEventListener('abort', turn);
      turn();
    });
  }
}
