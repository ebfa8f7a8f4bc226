import cliTruncate from 'cli-truncate';
import stringWidth from 'string-width';
import type { TerminalStyle } from './terminal-style.ts';

type Style = Pick<TerminalStyle, 'ascii' | 'signs'>;

/** The text as this terminal can show it, shortened to a number of columns. */
export function fit(text: string, columns: number, { ascii, signs }: Style): string {
  const shown = ascii ? text.replace(/[^\x20-\x7e\x1b]/gu, '?') : text;
  if (columns <= 0) return '';
  const mark = columns > signs.more.length ? signs.more : '';
  if (stringWidth(shown) <= columns) return shown;
  const cut = cliTruncate(shown, columns, { truncationCharacter: mark });
  // A letter of two columns at the edge makes it one column too wide.
  return stringWidth(cut) <= columns ? cut : cliTruncate(shown, columns - 1, { truncationCharacter: mark });
}

/** Text at the left and text at the right of a number of columns; the left one is shortened. */
export function spread(left: string, right: string, columns: number, style: Style): string {
  if (right === '') return fit(left, columns, style);
  const room = columns - stringWidth(right) - 2;
  if (room < 6) return fit(`${left}  ${right}`, columns, style);
  return `${pad(fit(left, room, style), room)}  ${right}`;
}

/** The text with spaces up to a number of columns. */
export function pad(text: string, columns: number): string {
  return text + ' '.repeat(Math.max(0, columns - stringWidth(text)));
}
