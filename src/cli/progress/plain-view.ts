import type { LogGroups } from './log-groups.ts';
import { type Outline, pathOf, type ProgressView, type StageNode } from './progress-view.ts';
import { durationText, secondsText } from './seconds-text.ts';

export interface PlainOptions {
  /** Also writes the lines of the stages. */
  readonly verbose?: boolean;
  /** Folds the log: one group for each stage of the outline. */
  readonly groups?: LogGroups | undefined;
  /** Milliseconds since 1970; with it, a line each minute says what still runs. */
  readonly now?: () => number;
}

const silentMs = 60_000;

/** The lines of one log, and what is open in it. */
class PlainLog {
  readonly #write: (line: string) => void;
  readonly #options: PlainOptions;
  readonly #running = new Map<StageNode, string>();
  #titles = new Set<string>();
  #group: StageNode | undefined;
  #wroteAt = 0;

  constructor(write: (line: string) => void, options: PlainOptions) {
    this.#write = write;
    this.#options = options;
  }

  #line(text: string): void {
    this.#wroteAt = this.#options.now?.() ?? 0;
    this.#write(`${text}\n`);
  }

  #seconds(): number {
    return Math.floor((this.#options.now?.() ?? 0) / 1000);
  }

  outlines({ stages, cache }: Outline): void {
    this.#titles = new Set(stages.map(({ title }) => title));
    if (cache !== undefined) this.#line(`cache: ${cache.hits} of ${cache.of} stages`);
  }

  begins(node: StageNode): void {
    this.#running.set(node, '');
    const { groups } = this.#options;
    if (
      groups !== undefined &&
      this.#group === undefined &&
      node.parent === undefined &&
      this.#titles.has(node.title)
    ) {
      this.#group = node;
      this.#write(groups.begins(node.title, this.#seconds()));
    }
    const expected = node.expectedSeconds;
    const about = expected === undefined || expected < 1 ? '' : `  (about ${durationText(expected)})`;
    this.#line(`${pathOf(node).join('  ')}${about}`);
  }

  notes(node: StageNode, line: string): void {
    if (this.#running.has(node)) this.#running.set(node, line);
    // Otherwise they would flood a log; the run's own logs have every line.
    if (this.#options.verbose === true) this.#line(`${pathOf(node).join('  ')}: ${line}`);
  }

  ends(node: StageNode, failed: boolean, seconds: number): void {
    this.#running.delete(node);
    this.#line(`${pathOf(node).join('  ')}  ${failed ? 'failed  ' : ''}${secondsText(seconds)}`);
    if (node === this.#group) this.#endGroup();
  }

  /** Says what still runs if nothing was written for a minute: some CI services end a job that writes nothing. */
  stillRuns(now: number): void {
    if (now - this.#wroteAt < silentMs) return;
    const parents = new Set([...this.#running.keys()].map(({ parent }) => parent));
    for (const [node, line] of this.#running) {
      if (parents.has(node)) continue;
      const ran = durationText((now - node.begunAt) / 1000);
      this.#line(`${pathOf(node).join('  ')}  still runs, ${ran}${line === '' ? '' : `: ${line}`}`);
    }
  }

  #endGroup(): void {
    if (this.#group !== undefined)
      this.#write(this.#options.groups?.ends(this.#group.title, this.#seconds()) ?? '');
    this.#group = undefined;
  }

  close(): void {
    this.#endGroup();
  }
}

/**
 * Shows lines for logs and pipes: one when a stage begins, and one with its seconds when it ends; no control
 * characters, except those by which GitLab folds a log.
 * @param write gets a line with its line end
 */
export function plainView(write: (line: string) => void, options: PlainOptions = {}): ProgressView {
  const log = new PlainLog(write, options);
  const { now } = options;
  let timer: NodeJS.Timeout | undefined;
  return {
    open: () => {
      if (now !== undefined)
        timer = setInterval(() => {
          log.stillRuns(now());
        }, silentMs / 4);
      timer?.unref();
      return Promise.resolve();
    },
    begins: (node) => {
      log.begins(node);
    },
    notes: (node, line) => {
      log.notes(node, line);
    },
    ends: (node, result, seconds) => {
      log.ends(node, result === 'failed', seconds);
    },
    outlines: (outline) => {
      log.outlines(outline);
    },
    close: () => {
      clearInterval(timer);
      log.close();
    },
  };
}
