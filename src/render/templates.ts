import { IngotError } from '../host/ingot-error.ts';
import { renderTemplate } from './engine.ts';

/** The texts below templates/: path relative to that folder, separated by "/", and content. */
export type Templates = ReadonlyMap<string, string>;

/** A rendered text file. The path is relative and separated by "/". */
export interface RenderedFile {
  readonly path: string;
  readonly content: string;
  /** Octal mode of a file of a node, as text: "0644". */
  readonly mode?: string;
}

/**
 * Renders the template at a path.
 * @throws IngotError wrong-template if it does not exist or does not fit the context
 */
export function renderFrom(templates: Templates, path: string, context: object): string {
  return renderTemplate(`templates/${path}`, templateText(templates, path), context);
}

/**
 * Returns the text of a template, or of a static file among them.
 * @throws IngotError wrong-template if it does not exist
 */
export function templateText(templates: Templates, path: string): string {
  const text = templates.get(path);
  if (text === undefined) {
    throw new IngotError({
      code: 'wrong-template',
      message: `templates/${path}: there is no such file`,
      hint: 'Restore the folder templates/ from the repository.',
    });
  }
  return text;
}
