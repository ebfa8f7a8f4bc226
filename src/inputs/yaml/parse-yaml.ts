import { type Document, LineCounter, parseDocument } from 'yaml';
import type { z } from 'zod';
import { type ErrorCode, IngotError } from '../../host/ingot-error.ts';
import { doubtfulScalars, loneSurrogates } from './doubtful-scalars.ts';
import { explainIssue } from './explain-issue.ts';
import { explainYamlError } from './explain-yaml-error.ts';
import { findNode } from './find-node.ts';
import { type FormerWord, type FoundWord, withCurrentWords } from './former-words.ts';
import { withoutMisspelledKeys } from './misspelled-keys.ts';
import type { YamlProblem } from './problem.ts';
import { showProblems } from './show-problems.ts';

export interface YamlFile<Schema extends z.ZodType> {
  readonly text: string;
  /** Its name in errors. */
  readonly fileName: string;
  readonly schema: Schema;
  /** The code of an error in the file. */
  readonly code: ErrorCode;
  /** What to do next, in addition to what each error says. */
  readonly hint: string;
  /** Keys (nested ones as `a.b`) that are refused for a specific reason, with what would be right. */
  readonly reserved?: Readonly<Record<string, string>>;
  /** Words of earlier versions, which are read as the current ones. */
  readonly formerWords?: readonly FormerWord[];
  /**
   * Called with one text, of one or more lines, if the file has former words: each with file, line and column, and what
   * to write.
   */
  readonly onWarning?: ((text: string) => void) | undefined;
  /** The value of an empty file, or the example that the error about it shows. */
  readonly empty: { readonly value: unknown } | { readonly example: string };
}

/** Describes a former word for people. */
function formerProblem(document: Document, { path, former, now }: FoundWord): YamlProblem {
  const { offset } = findNode(document, path);
  return { offset, message: `${former} is the former name of ${now}`, right: now };
}

/** Returns the document as plain values, or a problem if its aliases do not allow that. */
function valuesOf(document: Document): { value: unknown } | YamlProblem {
  try {
    return { value: document.toJS({ maxAliasCount: 100 }) as unknown };
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    return {
      offset: 0,
      message: `aliases that cannot be followed: ${message}`,
      right: 'each alias after its anchor',
    };
  }
}

/**
 * Parses one YAML 1.2 document (a byte order mark is skipped) and checks it against a schema.
 * @throws IngotError with the code of the file that shows everything that is wrong, with file, line and column
 */
export function parseYaml<Schema extends z.ZodType>(file: YamlFile<Schema>): z.output<Schema> {
  const text = file.text.replace(/^\u{feff}/u, '');
  const lines = new LineCounter();
  const document = parseDocument(text, {
    lineCounter: lines,
    prettyErrors: false,
    stringKeys: true,
    logLevel: 'error',
  });
  const fail = (problems: readonly YamlProblem[], former: readonly YamlProblem[] = []): never => {
    const count = problems.length === 1 ? 'an error' : `${problems.length} errors`;
    const shown = [showProblems(problems, text, file.fileName, lines)];
    if (former.length > 0) shown.push('besides:', showProblems(former, text, file.fileName, lines));
    const message = `${file.fileName} has ${count}:\n\n${shown.join('\n\n')}`;
    throw new IngotError({ code: file.code, message, hint: file.hint });
  };

  const syntax = [...document.errors, ...document.warnings].map((error) => explainYamlError(error, text));
  // If the structure of a file is broken, other errors would only be consequences of that.
  if (document.errors.some(({ code }) => code !== 'DUPLICATE_KEY')) fail(syntax);

  const read = valuesOf(document);
  if ('offset' in read) return fail([...syntax, read]);
  let { value } = read;
  if (value === null || value === undefined) {
    if ('example' in file.empty)
      fail([{ offset: 0, message: 'the file is empty', right: file.empty.example }]);
    else value = file.empty.value;
  }
  const words = withCurrentWords(value, file.formerWords ?? []);
  const former = words.found.map((one) => formerProblem(document, one));
  const result = file.schema.safeParse(words.value, { reportInput: true });
  const issues = withoutMisspelledKeys(result.error?.issues ?? [], file.schema).flatMap((issue) =>
    explainIssue(issue, { schema: file.schema, document, lines, reserved: file.reserved ?? {} }),
  );
  const explained = new Set(issues.map(({ offset }) => offset));
  const doubts = [...doubtfulScalars(document), ...loneSurrogates(document)].filter(
    ({ offset }) => !explained.has(offset),
  );
  const problems = [...syntax, ...issues, ...doubts];
  if (!result.success || problems.length > 0) return fail(problems, former);
  if (former.length > 0) file.onWarning?.(showProblems(former, text, file.fileName, lines));
  return result.data;
}
