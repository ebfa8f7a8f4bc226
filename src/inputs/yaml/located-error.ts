import { LineCounter, parseDocument } from 'yaml';
import { IngotError } from '../../host/ingot-error.ts';
import { findNode, type Path } from './find-node.ts';
import type { YamlProblem } from './problem.ts';
import { showProblems } from './show-problems.ts';

/** A problem at a path of a file that already passed its schema, found with information from other files. */
export interface LocatedProblem {
  readonly path: Path;
  readonly message: string;
  readonly right: string;
  /** Point at the key instead of its value. */
  readonly atKey?: boolean;
  /** A related path of the file: a word for it, such as "the first", and its place. */
  readonly other?: { readonly what: string; readonly path: Path } | undefined;
}

export interface LocatedFile {
  readonly text: string;
  /** Its name in errors. */
  readonly fileName: string;
}

/** Returns a function that finds the offset, and the line and column from 1, of any path of a file. */
export function placeFinder(text: string) {
  const plain = text.replace(/^\u{feff}/u, '');
  const lines = new LineCounter();
  const document = parseDocument(plain, { lineCounter: lines, prettyErrors: false, logLevel: 'error' });
  const find = (path: Path, atKey = false) => {
    const { offset, keyOffset } = findNode(document, path);
    const place = atKey ? (keyOffset ?? offset) : offset;
    const { line, col } = lines.linePos(place);
    return { offset: place, line: Math.max(line, 1), column: Math.max(col, 1) };
  };
  return { find, lines, plain };
}

/**
 * Returns one error that shows all problems as parseYaml would, each with file, line, column and what
 * would be right.
 */
export function locatedError(
  file: LocatedFile,
  problems: readonly LocatedProblem[],
  hint: string,
  code: 'wrong-spec' | 'wrong-layer' = 'wrong-spec',
): IngotError {
  const { find, lines, plain } = placeFinder(file.text);
  const shown = problems.map(({ path, message, right, atKey, other }): YamlProblem => {
    const { offset } = find(path, atKey);
    if (other === undefined) return { offset, message, right };
    const { line, column } = find(other.path);
    return { offset, message, right: `${right}; ${other.what} is at line ${line}, column ${column}` };
  });
  const count = shown.length === 1 ? 'an error' : `${shown.length} errors`;
  return new IngotError({
    code,
    message: `${file.fileName} has ${count}:\n\n${showProblems(shown, plain, file.fileName, lines)}`,
    hint,
  });
}
