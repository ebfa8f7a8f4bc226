import { noteStages } from '../../host/failure-notes.ts';
import { plainLines } from '../../host/plain-text.ts';
import { pathOf, type ProgressView, type StageNode, type StageResult } from './progress-view.ts';

/** The interface through which work reports its progress. */
export interface Stage {
  /** Runs work as a stage below this one; stages may run in parallel. Returns and throws what the work does. */
  stage<T>(title: string, work: (stage: Stage) => Promise<T>): Promise<T>;
  /** Shows a line as the latest message of this stage. */
  note(line: string): void;
  /** Begins a stage below this one for work that reports by events; the caller ends it. */
  begin(title: string): OpenStage;
}

/** A stage that its caller ends; a second end has no effect. */
export interface OpenStage extends Stage {
  end(result: StageResult): void;
}

/** The view that stages report to, and the clock that times them (milliseconds since 1970). */
export interface StageReport {
  readonly view: ProgressView;
  readonly now: () => number;
  /** How long the stage at this path takes, in seconds, as far as that is known. */
  readonly expected?: ((path: readonly string[]) => number | undefined) | undefined;
}

/** The stage above all others, which is not shown. */
export function rootStage(report: StageReport): Stage {
  return stageOf(report, undefined);
}

/** The titles of a stage and of those above it, the outermost first. */
const titlesTo = (node: StageNode | undefined): string[] =>
  node === undefined ? [] : [...titlesTo(node.parent), node.title];

function stageOf(report: StageReport, node: StageNode | undefined): Stage {
  const begin = (title: string): OpenStage => {
    const path = node === undefined ? [title] : [...pathOf(node), title];
    const expectedSeconds = report.expected?.(path);
    const child: StageNode = { title, parent: node, begunAt: report.now(), expectedSeconds };
    let ended = false;
    report.view.begins(child);
    return {
      ...stageOf(report, child),
      end: (result) => {
        if (ended) return;
        ended = true;
        report.view.ends(child, result, (report.now() - child.begunAt) / 1000);
      },
    };
  };
  return {
    begin,
    note: (line) => {
      const last = plainLines(line).at(-1);
      if (node !== undefined && last !== undefined) report.view.notes(node, last);
    },
    stage: async (title, work) => {
      const stage = begin(title);
      try {
        const result = await work(stage);
        stage.end('done');
        return result;
      } catch (error) {
        noteStages(error, [...titlesTo(node), title]);
        stage.end('failed');
        throw error;
      }
    },
  };
}
