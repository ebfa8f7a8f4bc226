import Handlebars from 'handlebars';
import { checkTemplate } from './check-template.ts';
import { concat, quotingHelpers } from './helpers.ts';
import { parseTemplate } from './parse-template.ts';
import { QuoteError } from './quote-text.ts';
import { templateError, type TemplatePlace } from './template-error.ts';

/**
 * Renders one Handlebars template. Values are inserted only through quoting helpers, and every name in a template has
 * to be in the context (as an own property that is not undefined; null means "none").
 * @throws IngotError wrong-template that names the template's file, line and column
 */
export function renderTemplate(file: string, text: string, context: object): string {
  const program = parseTemplate(file, text);
  checkTemplate({ file, text }, program, context);
  const handlebars = Handlebars.create();
  handlebars.registerHelper('concat', (...args: unknown[]) => concat(...args.slice(0, -1)));
  for (const [name, quote] of quotingHelpers) {
    handlebars.registerHelper(name, (value: unknown, options: Handlebars.HelperOptions) => {
      try {
        return quote(value);
      } catch (error) {
        if (!(error instanceof QuoteError)) throw error;
        throw templateError({ file, text }, placeOf(options), `{{${name}}}: ${error.message}`);
      }
    });
  }
  return handlebars.compile(program, { noEscape: true, strict: true })(context);
}

// Handlebars passes the position of the call to every helper, but its types omit it.
function placeOf(options: Handlebars.HelperOptions): TemplatePlace {
  const { start } = (options as unknown as { loc: hbs.AST.SourceLocation }).loc;
  return { line: start.line, column: start.column + 1 };
}
