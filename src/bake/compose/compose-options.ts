export interface ComposeOptions {
  /** Absolute; everything that is created is below it. */
  readonly workFolder: string;
  readonly logFolder: string;
  readonly signal?: AbortSignal;
  readonly onLine?: (line: string) => void;
}

/** The options that every program of compose receives. */
export function programOptions(options: ComposeOptions): Pick<ComposeOptions, 'signal' | 'onLine'> {
  return {
    ...(options.signal === undefined ? {} : { signal: options.signal }),
    ...(options.onLine === undefined ? {} : { onLine: options.onLine }),
  };
}
