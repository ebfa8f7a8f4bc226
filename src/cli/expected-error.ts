import { IngotError } from '../host/ingot-error.ts';

interface SystemError extends Error {
  readonly code: string;
  readonly syscall: string;
}

function isSystemError(error: unknown): error is SystemError {
  return error instanceof Error && 'code' in error && 'syscall' in error;
}

/**
 * The error to print for anything that was thrown: an IngotError unchanged; after Ctrl-C the interruption; for an error
 * of the operating system, an IngotError with a hint.
 * @returns undefined for a bug of ingot
 */
export function expectedError(error: unknown, signal: AbortSignal): IngotError | undefined {
  if (error instanceof IngotError) return error;
  const reason: unknown = signal.aborted ? signal.reason : undefined;
  // Node's own functions throw an AbortError of theirs.
  if (reason instanceof IngotError) return reason;
  if (!isSystemError(error)) return undefined;
  const { message } = error;
  switch (error.code) {
    case 'ENOSPC':
    case 'EDQUOT':
      return new IngotError({ code: 'no-space', message, hint: 'free some space', cause: error });
    case 'EACCES':
    case 'EPERM':
    case 'EROFS': {
      const hint = 'the system does not allow it: check the owner and the mode of the path';
      return new IngotError({ code: 'command-failed', message, hint, cause: error });
    }
    default:
      return undefined;
  }
}
