/** A stage as it is passed to a view. */
export interface StageNode {
  readonly title: string;
  readonly parent: StageNode | undefined;
  /** Milliseconds since 1970. */
  readonly begunAt: number;
}

export type StageResult = 'done' | 'failed';

/** A way of showing the stages; all views get the same calls. */
export interface ProgressView {
  open(): Promise<void>;
  begins(node: StageNode): void;
  /** @param line plain text, one line */
  notes(node: StageNode, line: string): void;
  ends(node: StageNode, result: StageResult, seconds: number): void;
  close(): void;
}
