import Handlebars from 'handlebars';
import { templateError } from './template-error.ts';

/**
 * Parses a template.
 * @throws IngotError wrong-template that names file, line and column
 */
export function parseTemplate(file: string, text: string): hbs.AST.Program {
  try {
    return Handlebars.parse(text);
  } catch (error) {
    const { message, lineNumber, column } = error as {
      message: string;
      lineNumber?: number;
      column?: number;
    };
    if (lineNumber !== undefined) {
      const problem = message.replace(/ - \d+:\d+$/, '');
      throw templateError({ file, text }, { line: lineNumber, column: (column ?? 0) + 1 }, problem);
    }
    const [first = '', shown = '', caret = '', expected = ''] = message.split('\n');
    const line = Number(/line (\d+)/.exec(first)?.[1] ?? 1);
    const place = { line, column: columnAfter(text.split('\n'), line, shown.slice(0, caret.indexOf('^'))) };
    const got = /got '(.*)'$/.exec(expected)?.[1];
    const hint = 'Write two braces that are meant for another program (Packer) as \\{{ … }}.';
    throw templateError(
      { file, text },
      place,
      `not valid Handlebars${got === undefined ? '' : ` (unexpected ${got})`}`,
      hint,
    );
  }
}

// The parser does not report a column. It shows the end of the text that it read, without line ends, after "..." if
// that text was long.
function columnAfter(lines: readonly string[], line: number, shown: string): number {
  const before = shown.replace(/^\.\.\./, '');
  const earlier = lines.slice(0, line - 1).join('');
  const text = lines[line - 1] ?? '';
  for (let column = 0; column <= text.length; column += 1) {
    if ((earlier + text.slice(0, column)).endsWith(before)) return column + 1;
  }
  return 1;
}
