import { IngotError } from '../host/ingot-error.ts';
import { consoleTail } from './guest-console.ts';

export interface NodeFailure {
  readonly message: string;
  /** What is shown before the console's end. */
  readonly excerpt?: readonly string[];
  /** What is shown after it. */
  readonly after?: readonly string[];
  /** Absolute path of the serial console's file. */
  readonly console: string;
  readonly consoleLines: number;
  /** A line above the one that names the console. */
  readonly hint?: string;
}

/** The error of a node that does not do what its image promises: with the end of its console, and where the whole of it lies. */
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
