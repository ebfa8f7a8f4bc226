import { quotingHelpers } from './helpers.ts';
import { eachScope, lookUp, outermost, type Scope, unknownValue } from './scope.ts';
import { templateError } from './template-error.ts';

interface Source {
  readonly file: string;
  readonly text: string;
}

/**
 * Checks a parsed template against the same context that it will be rendered with.
 * @throws IngotError wrong-template, with file, line and column, for a name that is missing from the context (also in
 *   branches that are not taken), for a value that is not quoted by a helper, and for any construct other than if,
 *   unless, each, concat and comments
 */
export function checkTemplate(source: Source, program: hbs.AST.Program, context: object): void {
  new Check(source).program(program, outermost(context), true);
}

class Check {
  readonly #source: Source;

  constructor(source: Source) {
    this.#source = source;
  }

  program(program: hbs.AST.Program | undefined, scope: Scope, taken: boolean): void {
    for (const node of program?.body ?? []) this.#statement(node, scope, taken);
  }

  #statement(node: hbs.AST.Statement, scope: Scope, taken: boolean): void {
    switch (node.type) {
      case 'ContentStatement':
      case 'CommentStatement':
        return;
      case 'MustacheStatement':
        this.#mustache(node as hbs.AST.MustacheStatement, scope, taken);
        return;
      case 'BlockStatement':
        this.#block(node as hbs.AST.BlockStatement, scope, taken);
        return;
      default:
        this.#fail(node, `${node.type} is not allowed in these templates`);
    }
  }

  #mustache(node: hbs.AST.MustacheStatement, scope: Scope, taken: boolean): void {
    const name = nameOf(node.path);
    const helpers = [...quotingHelpers.keys()].join(', ');
    const hint = `Write {{hcl ${name}}}, or use one of the other helpers: ${helpers}.`;
    if (!node.escaped)
      this.#fail(node, 'a value without a quoting helper: {{{…}}} and {{&…}} are not allowed', hint);
    if (!quotingHelpers.has(name)) this.#fail(node, `${name} is inserted without a quoting helper`, hint);
    this.#arguments(node, 1, scope, taken);
  }

  #block(node: hbs.AST.BlockStatement, scope: Scope, taken: boolean): void {
    const name = nameOf(node.path);
    if (name !== 'if' && name !== 'unless' && name !== 'each') {
      this.#fail(node.path, `there is no block {{#${name}}}`, 'Blocks are: if, unless, each.');
    }
    const [value] = this.#arguments(node, 1, scope, taken);
    if (name === 'each') this.#each(node, value, scope, taken);
    else {
      const holds = isTrue(value) === (name === 'if');
      this.program(node.program, scope, taken && holds);
      this.program(node.inverse, scope, taken && !holds);
    }
  }

  #each(node: hbs.AST.BlockStatement, list: unknown, scope: Scope, taken: boolean): void {
    if (list !== unknownValue && (typeof list !== 'object' || list === null)) {
      this.#fail(node.params[0] ?? node, '{{#each}} needs a list or a map');
    }
    const names = node.program.blockParams as readonly string[] | undefined;
    const items = list === unknownValue ? [] : Object.entries(list);
    for (const [key, item] of items)
      this.program(node.program, eachScope(scope, item, names ?? [], key), taken);
    if (items.length === 0) this.program(node.program, eachScope(scope, unknownValue, names ?? [], 0), false);
    this.program(node.inverse, scope, taken && items.length === 0);
  }

  #arguments(node: Call, count: number | undefined, scope: Scope, taken: boolean): unknown[] {
    if ((node.hash as hbs.AST.Hash | undefined) !== undefined)
      this.#fail(node, 'named arguments are not used here');
    if (count !== undefined && node.params.length !== count) {
      this.#fail(node, `${nameOf(node.path)} takes ${count} argument, not ${node.params.length}`);
    }
    return node.params.map((param) => this.#value(param, scope, taken));
  }

  #value(node: hbs.AST.Expression, scope: Scope, taken: boolean): unknown {
    switch (node.type) {
      case 'StringLiteral':
      case 'NumberLiteral':
      case 'BooleanLiteral':
        return (node as hbs.AST.StringLiteral).value;
      case 'PathExpression': {
        const found = lookUp(scope, node as hbs.AST.PathExpression, taken);
        if ('value' in found) return found.value;
        const { original } = node as hbs.AST.PathExpression;
        return this.#fail(
          node,
          `the context has no ${found.missing === original ? original : `${found.missing} (in ${original})`}`,
        );
      }
      case 'SubExpression': {
        const call = node as hbs.AST.SubExpression;
        if (nameOf(call.path) !== 'concat') this.#fail(node, `there is no helper (${nameOf(call.path)} …)`);
        this.#arguments(call, undefined, scope, taken);
        return unknownValue;
      }
      default:
        return this.#fail(node, `${node.type} cannot be a value`);
    }
  }

  #fail(node: hbs.AST.Node, problem: string, hint?: string): never {
    const { line, column } = node.loc.start;
    throw templateError(this.#source, { line, column: column + 1 }, problem, hint);
  }
}

type Call = hbs.AST.MustacheStatement | hbs.AST.BlockStatement | hbs.AST.SubExpression;

function nameOf(path: hbs.AST.Expression): string {
  return (path as hbs.AST.PathExpression).original;
}

// Handlebars: false, null, undefined, '', 0 and [] are false in {{#if}}.
function isTrue(value: unknown): boolean {
  return Array.isArray(value) ? value.length > 0 : Boolean(value);
}
