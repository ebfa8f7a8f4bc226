/** Where in ingot's work an error happened, as far as it is known. */
export interface FailureNotes {
  /** The titles of the stages in which it happened, the outermost first: ["compose", "slave"]. */
  readonly stages: readonly string[];
  /** Absolute folder with the logs of the run; undefined if the work had no run folder. */
  readonly logs?: string;
}

interface Notes {
  stages?: readonly string[];
  logs?: string;
}

/** Kept apart from the errors: also an error of the operating system can be noted, and no message changes. */
const noted = new WeakMap<object, Notes>();

function notesOf(error: unknown): Notes {
  if (typeof error !== 'object' || error === null) return {};
  const notes = noted.get(error) ?? {};
  noted.set(error, notes);
  return notes;
}

/**
 * Notes the stages in which an error happened. The first call for an error counts: it is that of the innermost stage;
 * parts that were stopped because of the error throw it as well.
 */
export function noteStages(error: unknown, stages: readonly string[]): void {
  notesOf(error).stages ??= stages;
}

/**
 * Notes the folder with the logs of the run that an error ended.
 * @param logs absolute
 * @returns the error, to throw it
 */
export function withLogs<E>(error: E, logs: string): E {
  notesOf(error).logs ??= logs;
  return error;
}

/** What was noted for an error, or for the errors that caused it. */
export function failureNotes(error: unknown): FailureNotes {
  let stages: readonly string[] | undefined;
  let logs: string | undefined;
  for (let one = error; typeof one === 'object' && one !== null; one = (one as { cause?: unknown }).cause) {
    const notes = noted.get(one);
    stages ??= notes?.stages;
    logs ??= notes?.logs;
  }
  return { stages: stages ?? [], ...(logs === undefined ? {} : { logs }) };
}
