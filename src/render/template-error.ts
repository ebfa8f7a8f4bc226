import { IngotError } from '../host/ingot-error.ts';

/** A place in a template. Line and column count from 1, as in editors. */
export interface TemplatePlace {
  readonly line: number;
  readonly column: number;
}

export interface TemplateText {
  /** Name of the file as shown in errors. */
  readonly file: string;
  readonly text: string;
}

/** Creates the error of a template: "file:line:column: what is wrong", with the line itself as excerpt. */
export function templateError(
  { file, text }: TemplateText,
  place: TemplatePlace,
  problem: string,
  hint?: string,
): IngotError {
  const line = text.split('\n')[place.line - 1];
  return new IngotError({
    code: 'wrong-template',
    message: `${file}:${place.line}:${place.column}: ${problem}`,
    ...(hint === undefined ? {} : { hint }),
    ...(line === undefined ? {} : { excerpt: [line, `${' '.repeat(place.column - 1)}^`] }),
  });
}
