import { plainLines } from '../host/plain-text.ts';

/** The length of a node's longest report. */
const longest = 600;

/**
 * Format characters, which turn or hide the text around them (Unicode, general category Cf), private-use characters and
 * lone surrogates.
 */
const unseen = /[\p{Cf}\p{Co}\p{Cs}]/gu;

/** A text from the network, as one line of at most 600 characters that is safe to show on a terminal. */
export function shownText(text: string | null): string {
  return plainLines((text ?? '').slice(0, 4 * longest))
    .join(' ')
    .replace(unseen, (one) => `\\u{${(one.codePointAt(0) ?? 0).toString(16)}}`)
    .slice(0, longest);
}
