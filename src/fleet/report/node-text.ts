import { numberText } from '../../host/count-text.ts';
/**
 * Text that a node wrote, on one line. Characters that could move a cursor, reorder or break a line, or fake another
 * line are shown as \u{…}.
 */
export function nodeText(text: string): string {
  return text
    .toWellFormed()
    .replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, (one) => `\\u{${(one.codePointAt(0) ?? 0).toString(16)}}`);
}

const shownNames = 5;

/** The first names, and the number of the others. */
export function namesText(names: readonly string[], all: boolean): string {
  const most = all || names.length === shownNames + 1 ? names.length : shownNames;
  const rest = names.length - most;
  return `${names.slice(0, most).map(nodeText).join(', ')}${rest > 0 ? ` and ${numberText(rest)} more` : ''}`;
}
