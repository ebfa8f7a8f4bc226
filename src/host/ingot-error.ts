import { type ErrorCode, errorCodes } from './error-codes.ts';

export { type ErrorCode, exitCodes } from './error-codes.ts';

export interface ErrorText {
  readonly code: ErrorCode;
  /** What happened and where, in one or more lines. */
  readonly message: string;
  /** What to do about it. */
  readonly hint?: string;
  /** Lines of evidence: program output, the guest's console, the wrong line of a file. */
  readonly excerpt?: readonly string[];
  readonly cause?: unknown;
}

/** An error that is meant for the user. Anything else that is thrown is a bug in ingot. */
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
