import type { LineCounter } from 'yaml';
import { withoutCredentials } from '../url/credentials.ts';
import type { YamlProblem } from './problem.ts';

const widest = 100;

/** Returns text that cannot move the cursor, colour the terminal, reorder a line or show a password. */
function harmless(line: string): string {
  return withoutCredentials(line).replaceAll(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, (letter) =>
    letter === '\t' ? ' ' : '\u{fffd}',
  );
}

function lineOf(text: string, start: number): string {
  const end = text.indexOf('\n', start);
  return text.slice(start, end === -1 ? undefined : end).replace(/\r$/, '');
}

/** Returns the line with a caret under the column; for a long line, only the part around it. */
function excerpt(lineNumber: number, line: string, before: string): string[] {
  const letters = Array.from(harmless(line));
  const column = Array.from(before).length;
  const from = letters.length <= widest || column < widest / 2 ? 0 : column - widest / 2;
  const shown = letters.slice(from, from + widest).join('');
  const number = String(lineNumber);
  return [
    `  ${number} | ${from > 0 ? '…' : ''}${shown}${from + widest < letters.length ? '…' : ''}`.trimEnd(),
    `  ${' '.repeat(number.length)} | ${' '.repeat(column - from + (from > 0 ? 1 : 0))}^`,
  ];
}

/**
 * Formats the problems in the order of the file, each as `file:line:column: message`, the line with a caret under the
 * column, and what would be right. Lines and columns count from 1, columns in characters.
 */
export function showProblems(
  problems: readonly YamlProblem[],
  text: string,
  fileName: string,
  lines: LineCounter,
): string {
  return problems
    .toSorted((a, b) => a.offset - b.offset)
    .map(({ offset, message, right }) => {
      const { line, col } = lines.linePos(Math.min(offset, text.length));
      const number = Math.max(line, 1);
      const start = lines.lineStarts[number - 1] ?? 0;
      const before = text.slice(start, start + Math.max(col, 1) - 1);
      return [
        harmless(`${fileName}:${number}:${Array.from(before).length + 1}: ${message}`),
        ...excerpt(number, lineOf(text, start), before),
        ...(right === undefined ? [] : [harmless(`  right: ${right}`)]),
      ].join('\n');
    })
    .join('\n\n');
}
