import { IngotError } from '../host/ingot-error.ts';
import { renderTemplate } from './engine.ts';

/** The texts below templates/: path relative to that folder, with "/", and content. */
export type Templates = ReadonlyMap<string, string>;

/** A text file that was rendered; the path is relative, with "/". */
export interface RenderedFile {
  readonly path: string;
  readonly content: string;
  /** Octal text, for a file of a node: "0644". */
  readonly mode?: string;
}

/**
 * Renders the template of that path.
 * @throws IngotError wrong-template if there is none or it does not fit the context
 */
export function renderFrom(templates: Templates, path: string, context: object): string {
  return renderTemplate(`templates/${path}`, templateText(templates, path), context);
}

/**
 * The text of a template, or of a static file among them.
 * @throws IngotError wrong-template if there is none
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
