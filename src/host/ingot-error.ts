import { type ErrorCode, errorCodes } from './error-codes.ts';

export { type ErrorCode, exitCodes } from './error-codes.ts';

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

  /** The program's exit status, which follows from the code. */
  get exitCode(): number {
    return errorCodes[this.code].exit;
  }
}
