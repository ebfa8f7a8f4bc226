export interface RunOptions {
  readonly cwd?: string;
  /** Added to a small, fixed environment; the user's own environment is not passed on. */
  readonly env?: Readonly<Record<string, string>>;
  readonly input?: string;
  /** All output of both streams is appended to this file as it arrives. */
  readonly log?: string;
  readonly signal?: AbortSignal;
  /** Exit codes that do not count as a failure; default: only 0. */
  readonly accept?: readonly number[];
  /** Called for every line of either stream. */
  readonly onLine?: (line: string, stream: 'stdout' | 'stderr') => void;
  readonly timeoutMs?: number;
  /** Keep no output in memory, because it may be large. The last lines are still kept for the error. */
  readonly discardOutput?: boolean;
}

/** Options for a program that keeps running. */
export type StartOptions = Omit<RunOptions, 'input' | 'accept' | 'timeoutMs' | 'discardOutput'>;

export interface RunResult {
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** A running program, in its own process group. */
export interface Running {
  readonly pid: number;
  /** Settles when the program has ended, never rejects. */
  readonly ended: Promise<{ readonly exitCode: number | undefined; readonly signal: string | undefined }>;
  /** Ends the whole process group: TERM (or the given signal), a wait, KILL. Resolves when no process of it is left. */
  end(options?: { readonly signal?: NodeJS.Signals; readonly graceMs?: number }): Promise<void>;
}

/** How modules access the outside world. It is made in host/ and passed in, so that a test can pass in another one. */
export interface Host {
  /**
   * Runs a program to its end.
   * @throws IngotError command-failed that shows the command to run by hand and the last lines of output
   */
  run(program: string, args: readonly string[], options?: RunOptions): Promise<RunResult>;
  /**
   * Starts a program. Rejects with an IngotError ('missing-program') if the program does not exist, and with the
   * signal's reason if the signal is already aborted.
   */
  start(program: string, args: readonly string[], options?: StartOptions): Promise<Running>;
  /** Milliseconds since 1970. */
  now(): number;
  /** Shows the user a warning of one or more lines that stops nothing. The same text is shown only once. */
  readonly warn?: ((text: string) => void) | undefined;
}
