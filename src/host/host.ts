export interface RunOptions {
  readonly cwd?: string;
  /** Added to a small, fixed environment; the user's own environment is not passed on. */
  readonly env?: Readonly<Record<string, string>>;
  readonly input?: string;
  /** All output, both streams, is appended to this file as it comes. */
  readonly log?: string;
  readonly signal?: AbortSignal;
  /** Exit codes that are no failure; default only 0. */
  readonly accept?: readonly number[];
  /** Called for every line of either stream. */
  readonly onLine?: (line: string, stream: 'stdout' | 'stderr') => void;
  readonly timeoutMs?: number;
  /** Keep no output in memory (it may be large); the last lines are kept for the error. */
  readonly discardOutput?: boolean;
}

/** What a program that goes on may be given. */
export type StartOptions = Omit<RunOptions, 'input' | 'accept' | 'timeoutMs' | 'discardOutput'>;

export interface RunResult {
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** A program that goes on in a process group of its own. */
export interface Running {
  readonly pid: number;
  /** Settles when the program has ended, never rejects. */
  readonly ended: Promise<{ readonly exitCode: number | undefined; readonly signal: string | undefined }>;
  /** Ends the whole process group: TERM (or the signal given), a wait, KILL; resolves when nothing of it is left. */
  end(options?: { readonly signal?: NodeJS.Signals; readonly graceMs?: number }): Promise<void>;
}

/** How rooms reach the world; made in host/, handed in, so that a test can hand in another. */
export interface Host {
  /**
   * Runs a program to its end.
   * @throws IngotError command-failed that shows the command to run again and its last lines
   */
  run(program: string, args: readonly string[], options?: RunOptions): Promise<RunResult>;
  /** Starts a program. Rejects with an IngotError ('missing-program') when there is none, and the signal's reason when that is aborted already. */
  start(program: string, args: readonly string[], options?: StartOptions): Promise<Running>;
  /** Milliseconds since 1970. */
  now(): number;
  /** Shows people a text of one line or more that stops nothing, the same text once. */
  readonly warn?: ((text: string) => void) | undefined;
}
