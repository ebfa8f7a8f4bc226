import Handlebars from 'handlebars';
import { scalarText } from './quote-text.ts';

/** Quotes text for an HTML element or a quoted attribute. It is displayed literally and never read as markup. */
export function quoteHtml(value: unknown): string {
  return Handlebars.escapeExpression(scalarText(value));
}
