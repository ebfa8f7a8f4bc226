/** What the program's exit status says; the only table of it. */
export const exitCodes = { done: 0, failed: 1, wrongInput: 2, difference: 3, interrupted: 130 } as const;

export type ErrorCode =
  | 'wrong-input' // the user's file or command line: exit 2
  | 'missing-program' // a host program is not installed: exit 2
  | 'no-space' // exit 1
  | 'command-failed' // a program that we ran failed: exit 1
  | 'step-failed' // a step of images/ failed in the build guest: exit 1
  | 'check-failed' // a booted node did not answer as promised: exit 1
  | 'interrupted'; // Ctrl-C or a signal: exit 130

export interface ErrorText {
  readonly code: ErrorCode;
  /** What happened and where, in one or more lines. */
  readonly message: string;
  /** What to do next. */
  readonly hint?: string;
  /** Lines that show it: program output, the guest's console, the offending line of a file. */
  readonly excerpt?: readonly string[];
  readonly cause?: unknown;
}

/** An error that is meant to be read by the person who runs ingot. Anything else thrown is a bug of ours. */
export class IngotError extends Error {
  readonly code: ErrorCode;
  readonly hint: string | undefined;
  readonly excerpt: readonly string[];

  constructor(text: ErrorText) {
    super(text.message, { cause: text.cause });
    this.name = 'IngotError';
    this.code = text.code;
    this.hint = text.hint;
    this.excerpt = text.excerpt ?? [];
  }

  get exitCode(): number {
    switch (this.code) {
      case 'wrong-input':
      case 'missing-program':
        return exitCodes.wrongInput;
      case 'interrupted':
        return exitCodes.interrupted;
      default:
        return exitCodes.failed;
    }
  }
}
