import Handlebars from 'handlebars';
import { scalarText } from './quote-text.ts';

/** Text for an element or a quoted attribute of HTML: it is shown as it is, and never read as markup. */
export function quoteHtml(value: unknown): string {
  return Handlebars.escapeExpression(scalarText(value));
}
