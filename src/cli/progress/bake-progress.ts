import { join } from 'node:path';
import type { BakeWatch, DecidedStage } from '../../bake/bake-request.ts';
import { type LineLog, openLineLog } from '../../bake/packer/line-log.ts';
import { IngotError } from '../../host/ingot-error.ts';
import { bakeOutline, isLineOfBake, workBelow } from './bake-outline.ts';
import { addRun, readStageHistory } from './history-file.ts';
import { type JournalEntry, journalName, journalView } from './journal.ts';
import { chooseView, type ProgressOptions } from './progress.ts';
import { pathOf, type ProgressView } from './progress-view.ts';
import { rootStage, type Stage } from './stage.ts';
import { expectedSeconds, historyKey } from './stage-history.ts';

export interface BakeProgressOptions extends Omit<ProgressOptions, 'board'> {
  /** Absolute folder of the cache, which also holds how long stages took; undefined for a bake without one. */
  readonly cache: string | undefined;
  /** Where it is shown, if it is one of several bakes; otherwise chosen by the other options. */
  readonly shown?: ProgressView;
}

/** Passes every call to several views. */
function together(views: readonly ProgressView[]): ProgressView {
  return {
    open: async () => {
      for (const view of views) await view.open();
    },
    begins: (node) => {
      for (const view of views) view.begins(node);
    },
    notes: (node, line) => {
      for (const view of views) view.notes(node, line);
    },
    ends: (node, result, seconds) => {
      for (const view of views) view.ends(node, result, seconds);
    },
    outlines: (outline) => {
      for (const view of views) view.outlines?.(outline);
    },
    close: () => {
      for (const view of views) view.close();
    },
  };
}

/** The file of a journal, which exists only after the bake has begun; what happened before is written then. */
class JournalFile {
  #waiting: JournalEntry[] = [];
  #log: LineLog | undefined;
  #lost = false;

  write(entry: JournalEntry): void {
    if (this.#lost) return;
    if (this.#log === undefined) this.#waiting.push(entry);
    else this.#try(() => this.#log?.write(JSON.stringify(entry)));
  }

  open(folder: string): void {
    this.#try(() => {
      this.#log = openLineLog(join(folder, journalName));
      for (const entry of this.#waiting) this.#log.write(JSON.stringify(entry));
      this.#waiting = [];
    });
  }

  close(): void {
    this.#try(() => this.#log?.close());
  }

  /** A journal that cannot be written does not fail a bake. */
  #try(work: () => void): void {
    try {
      work();
    } catch {
      this.#lost = true;
    }
  }
}

/** Collects how long the stages of this run take. */
function timesView(times: Map<string, number>, decided: () => readonly DecidedStage[]): ProgressView {
  return {
    open: () => Promise.resolve(),
    begins: () => undefined,
    notes: () => undefined,
    ends: (node, result, seconds) => {
      const path = pathOf(node);
      if (result === 'done' && isLineOfBake(path[0]))
        times.set(historyKey(path, workBelow(path, decided())), seconds);
    },
    close: () => undefined,
  };
}

/**
 * Shows a bake while it runs, with the times that its stages took in earlier runs on this host; writes the journal from
 * which `ingot attach` shows it, and remembers the times of this run.
 * @returns what the work returns; throws what the work throws
 */
export async function withBakeProgress<T>(
  options: BakeProgressOptions,
  work: (progress: Stage, watch: BakeWatch) => Promise<T>,
): Promise<T> {
  const { cache, now } = options;
  const history = cache === undefined ? {} : await readStageHistory(cache);
  const times = new Map<string, number>();
  let decided: readonly DecidedStage[] = [];
  const journal = new JournalFile();
  const shown = options.shown ?? (await chooseView({ ...options, board: true }));
  const view = together([
    shown,
    journalView((entry) => {
      journal.write(entry);
    }),
    timesView(times, () => decided),
  ]);
  const expected = (path: readonly string[]) => expectedSeconds(history, path, workBelow(path, decided));
  const outline = (): void => view.outlines?.(bakeOutline(history, decided, cache !== undefined));
  const watch: BakeWatch = {
    logs: (folder) => {
      journal.open(folder);
    },
    decided: (stages) => {
      decided = stages;
      outline();
    },
  };
  await view.open();
  let over: JournalEntry = { type: 'over', result: 'failed' };
  try {
    outline();
    const made = await work(rootStage({ view, now, expected }), watch);
    over = { type: 'over', result: 'done' };
    return made;
  } catch (error) {
    if (error instanceof IngotError) over = { type: 'over', result: 'failed', why: error.message };
    throw error;
  } finally {
    view.close();
    journal.write(over);
    journal.close();
    // A cache that cannot be written does not fail a bake.
    if (cache !== undefined) await addRun(cache, times).catch(() => undefined);
  }
}
