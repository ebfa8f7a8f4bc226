import { IngotError } from '../host/ingot-error.ts';
import { consoleTail } from './guest-console.ts';

export interface NodeFailure {
  readonly message: string;
  /** Lines to show before the end of the console. */
  readonly excerpt?: readonly string[];
  /** Lines to show after the end of the console. */
  readonly after?: readonly string[];
  /** Absolute path of the serial console's file. */
  readonly console: string;
  readonly consoleLines: number;
  /** A hint line to show above the line that names the console. */
  readonly hint?: string;
}

/**
 * The error for a node that does not do what its image promises. It shows the end of the console and names the file
 * that holds all of it.
 */
export async function nodeFailure(failure: NodeFailure): Promise<IngotError> {
  return new IngotError({
    code: 'node-failed',
    message: failure.message,
    excerpt: [
      ...(failure.excerpt ?? []),
      ...(await consoleTail(failure.console, failure.consoleLines)),
      ...(failure.after ?? []),
    ],
    hint: [
      ...(failure.hint === undefined ? [] : [failure.hint]),
      `the whole console: ${failure.console}`,
    ].join('\n'),
  });
}
