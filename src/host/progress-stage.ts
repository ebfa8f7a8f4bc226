/** Where the recipe reports how far it is; the command line shows it. */
export interface ProgressStage {
  /** Runs work as a stage below this one; stages may run side by side. Gives and throws what the work does. */
  stage<T>(title: string, work: (stage: ProgressStage) => Promise<T>): Promise<T>;
  /** Shows a line as the last that this stage had to say. */
  readonly note: (line: string) => void;
  /** A stage below this one for what happens by events; to be ended by its caller. */
  begin(title: string): ProgressStage & { end(result: 'done' | 'failed'): void };
}
