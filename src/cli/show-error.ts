import { styleText } from 'node:util';
import type { IngotError } from '../host/ingot-error.ts';

const longestLine = 200;

const shortened = (line: string): string =>
  line.length > longestLine ? `${line.slice(0, longestLine)} …` : line;

/** The text of an error for stderr: the message, an excerpt, what to do next, and at the end its code, for scripts. */
export function errorText(error: IngotError, colour: boolean): string {
  const paint = (format: 'red' | 'bold' | 'dim', text: string) =>
    colour ? styleText(format, text, { validateStream: false }) : text;
  const lines = [`${paint('red', 'ingot:')} ${paint('bold', error.message)}`];
  lines.push(...error.excerpt.map((line) => `  ${shortened(line)}`));
  if (error.hint !== undefined)
    lines.push(...error.hint.split('\n').map((line) => paint('dim', `  → ${line}`)));
  lines.push(paint('dim', `  code: ${error.code}`));
  return `${lines.join('\n')}\n`;
}

/** The text of an unexpected error, which is a bug of ingot. */
export function bugText(error: unknown): string {
  const shown = error instanceof Error ? (error.stack ?? error.message) : String(error);
  return `ingot: this is a bug in ingot, not in your input:\n${shown}\nPlease report it with the command that you ran and this text.\n`;
}
