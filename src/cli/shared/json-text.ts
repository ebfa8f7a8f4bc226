import type { z } from 'zod';

/** The type of a document that a command prints as JSON, from its shape in src/cli/shapes. */
export type DocumentOf<Shape extends z.ZodType> = z.input<Shape>;

/** A JSON document as a command prints it, over several lines; the type parameter is its shape. */
export const jsonText = <Shape extends z.ZodType<object>>(document: DocumentOf<Shape>): string =>
  `${JSON.stringify(document, null, 2)}\n`;

/** The same on one line, for a command that prints documents until it ends. */
export const jsonLine = <Shape extends z.ZodType<object>>(document: DocumentOf<Shape>): string =>
  `${JSON.stringify(document)}\n`;
