import { plainLines } from '../host/plain-text.ts';

/** As long as a node's longest report is. */
const longest = 600;

/** Characters without a shape of their own, which turn or hide what is around them (Unicode, general category Cf), and halves of others. */
const unseen = /[\p{Cf}\p{Co}\p{Cs}]/gu;

/** A text that came over the network, as one line of at most 600 characters that a terminal can be shown. */
export function shownText(text: string | null): string {
  return plainLines((text ?? '').slice(0, 4 * longest))
    .join(' ')
    .replace(unseen, (one) => `\\u{${(one.codePointAt(0) ?? 0).toString(16)}}`)
    .slice(0, longest);
}
