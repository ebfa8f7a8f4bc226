/** Receives the progress of the work; the command line shows it. */
export interface ProgressStage {
  /**
   * Runs work as a stage below this one; stages may run in parallel. Returns and throws what the work returns and
   * throws.
   */
  stage<T>(title: string, work: (stage: ProgressStage) => Promise<T>): Promise<T>;
  /** Shows a line as the latest output of this stage. */
  readonly note: (line: string) => void;
  /** Begins a stage below this one for work that is driven by events; the caller must end it. */
  begin(title: string): ProgressStage & { end(result: 'done' | 'failed'): void };
}
