import type { ErrorCode } from '../host/ingot-error.ts';
import { knownFailures } from './catalogue.ts';
import type { KnownFailure, LogKind } from './known-failure.ts';

/** A text in which a failure may show itself. */
export interface FailureText {
  readonly kind: LogKind;
  /** Its name for people: "the message", or the absolute path of a log. */
  readonly name: string;
  /** Plain lines: no control characters. */
  readonly lines: readonly string[];
}

/** A known failure, and the line that shows it. */
export interface Recognised {
  readonly known: KnownFailure;
  readonly text: FailureText;
  /** Index of the line in the text. */
  readonly at: number;
}

/**
 * Finds the known failure that some texts show. A text that comes first counts first: what the error itself says is
 * better evidence than a line of a log. In one text, the first entry of the catalogue counts.
 * @param code the code of the error
 * @returns undefined if the failure is not known
 */
export function recognise(code: ErrorCode, texts: readonly FailureText[]): Recognised | undefined {
  for (const text of texts)
    for (const known of knownFailures) {
      if (!known.in.includes(text.kind) || known.only?.includes(code) === false) continue;
      const at = text.lines.findLastIndex((line) => known.sign.test(line));
      if (at >= 0) return { known, text, at };
    }
  return undefined;
}
