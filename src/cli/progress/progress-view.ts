/** A stage as it is passed to a view. */
export interface StageNode {
  readonly title: string;
  readonly parent: StageNode | undefined;
  /** Milliseconds since 1970. */
  readonly begunAt: number;
  /** How long it took in earlier runs on this host; undefined if it never ran. */
  readonly expectedSeconds?: number | undefined;
}

export type StageResult = 'done' | 'failed';

/** A stage of the first level that is to come, runs, or is over. */
export interface OutlineStage {
  readonly title: string;
  readonly expectedSeconds?: number | undefined;
  /** Everything that it would make was made before. */
  readonly fromCache?: boolean | undefined;
}

/** The whole of some work, as far as it is known before its end. */
export interface Outline {
  readonly stages: readonly OutlineStage[];
  /** The number of parts that were taken from the cache, and of all parts; undefined while that is not known. */
  readonly cache?: { readonly hits: number; readonly of: number } | undefined;
}

/** A way of showing the stages; all views get the same calls. */
export interface ProgressView {
  open(): Promise<void>;
  begins(node: StageNode): void;
  /** @param line plain text, one line */
  notes(node: StageNode, line: string): void;
  ends(node: StageNode, result: StageResult, seconds: number): void;
  /** Announces what is to come; a later outline replaces an earlier one. */
  outlines?(outline: Outline): void;
  close(): void;
}

/** The titles from the first level down to a stage. */
export function pathOf({ parent, title }: StageNode): readonly string[] {
  return parent === undefined ? [title] : [...pathOf(parent), title];
}
