import type { ProgressStage } from '../host/progress-stage.ts';
import type { Role } from '../inputs/plan/plan.ts';

type Open = ReturnType<ProgressStage['begin']>;

/** Shows what each node of a verification does: a stage for the node, and below it one part after the other. */
export class NodeParts {
  readonly #progress: ProgressStage;
  readonly #nodes = new Map<Role, { readonly node: Open; part: Open | undefined }>();

  constructor(progress: ProgressStage) {
    this.#progress = progress;
  }

  /** Begins the next part of a node; the one before is done with that. */
  next(role: Role, title: string): void {
    const shown = this.#nodes.get(role) ?? { node: this.#progress.begin(role), part: undefined };
    shown.part?.end('done');
    shown.part = shown.node.begin(title);
    this.#nodes.set(role, shown);
  }

  note(role: Role, line: string): void {
    this.#nodes.get(role)?.part?.note(line);
  }

  /** Ends a node, whose last part is done with that. */
  done(role: Role): void {
    const shown = this.#nodes.get(role);
    shown?.part?.end('done');
    shown?.node.end('done');
    this.#nodes.delete(role);
  }

  /** Ends what is still open, which has failed. */
  fail(): void {
    for (const { node, part } of this.#nodes.values()) {
      part?.end('failed');
      node.end('failed');
    }
    this.#nodes.clear();
  }
}
