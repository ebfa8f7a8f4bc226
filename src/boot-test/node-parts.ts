import type { ProgressStage } from '../host/progress-stage.ts';
import type { Role } from '../inputs/plan/plan.ts';

type Open = ReturnType<ProgressStage['begin']>;

/** Shows the progress of each node of a verification: one stage per node and, within it, one part after another. */
export class NodeParts {
  readonly #progress: ProgressStage;
  readonly #nodes = new Map<Role, { readonly node: Open; part: Open | undefined }>();

  constructor(progress: ProgressStage) {
    this.#progress = progress;
  }

  /** Begins the next part of a node and marks the previous part as done. */
  next(role: Role, title: string): void {
    const shown = this.#nodes.get(role) ?? { node: this.#progress.begin(role), part: undefined };
    shown.part?.end('done');
    shown.part = shown.node.begin(title);
    this.#nodes.set(role, shown);
  }

  note(role: Role, line: string): void {
    this.#nodes.get(role)?.part?.note(line);
  }

  /** Marks a node and its last part as done. */
  done(role: Role): void {
    const shown = this.#nodes.get(role);
    shown?.part?.end('done');
    shown?.node.end('done');
    this.#nodes.delete(role);
  }

  /** Marks everything that is still open as failed. */
  fail(): void {
    for (const { node, part } of this.#nodes.values()) {
      part?.end('failed');
      node.end('failed');
    }
    this.#nodes.clear();
  }
}
