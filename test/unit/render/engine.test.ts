import { describe, expect, test } from 'vitest';
import { IngotError } from '../../../src/host/ingot-error.ts';
import { renderTemplate } from '../../../src/render/engine.ts';

const context = {
  name: 'n',
  none: null,
  list: [{ id: 'a' }, { id: 'b' }],
  empty: [],
  inner: { deep: 1 },
  bad: 'x\ny',
};

function errorOf(text: string): IngotError {
  try {
    renderTemplate('t.hbs', text, context);
  } catch (error) {
    if (error instanceof IngotError) return error;
    throw error;
  }
  throw new Error(`it was rendered: ${text}`);
}

describe('a template', () => {
  test('gets values through quoting helpers, in loops and branches', () => {
    const text =
      '{{#each list as |one|}}{{line one.id}}={{hcl ../name}} {{/each}}{{#if empty}}x{{else}}{{yaml inner.deep}}{{/if}}';
    expect(renderTemplate('t.hbs', text, context)).toBe('a="n" b="n" 1');
  });

  test('may join texts inside a helper, and name the item of a loop with this', () => {
    expect(
      renderTemplate('t', '{{hcl (concat "<" name 1 ">")}}{{#each list}}{{line this.id}}{{/each}}', context),
    ).toBe('"<n1>"ab');
  });

  test('keeps the braces of other programs', () => {
    expect(renderTemplate('t', '\\{{ .SSHHostPort }}', context)).toBe('{{ .SSHHostPort }}');
  });

  test('may check whether a value exists, and use it only then', () => {
    expect(renderTemplate('t', '{{#if none}}{{hcl none.deep}}{{else}}-{{/if}}', context)).toBe('-');
    expect(renderTemplate('t', '{{#unless none}}+{{/unless}}', context)).toBe('+');
  });

  test.each([
    ['in a helper', 'a\n  {{hcl missing}}', '2:9', 'the context has no missing'],
    ['in an if', '{{#if missing}}{{/if}}', '1:7', 'no missing'],
    ['in an unless', '{{#unless missing}}{{/unless}}', '1:11', 'no missing'],
    ['in an each', '{{#each missing}}{{/each}}', '1:9', 'no missing'],
    ['below another name', '{{hcl inner.missing}}', '1:7', 'no missing (in inner.missing)'],
    [
      'in the item of a loop',
      '{{#each list as |one|}}\n{{hcl one.missing}}{{/each}}',
      '2:7',
      'no missing (in one.missing)',
    ],
    ['in the item of a loop, by this', '{{#each list}}{{hcl this.name}}{{/each}}', '1:21', 'no name'],
    ['around a loop', '{{#each list}}{{hcl ../id}}{{/each}}', '1:21', 'no id'],
    ['in a branch that is not taken', '{{#if empty}}{{hcl missing}}{{/if}}', '1:20', 'no missing'],
    ['in an else that is not taken', '{{#if name}}{{else}}{{hcl missing}}{{/if}}', '1:27', 'no missing'],
    ['in the loop over an empty list', '{{#each empty}}{{hcl ../missing}}{{/each}}', '1:22', 'no missing'],
    ['in a joined text', '{{hcl (concat "a" missing)}}', '1:19', 'no missing'],
    ['that every object has', '{{hcl constructor}}', '1:7', 'no constructor'],
    ['of Handlebars itself', '{{hcl @root.name}}', '1:7', 'no @root.name'],
  ])('that uses an unknown value %s fails, with the place', (_where, text, place, problem) => {
    const error = errorOf(text);
    expect(error.code).toBe('wrong-template');
    expect(error.message).toContain(`t.hbs:${place}: `);
    expect(error.message).toContain(problem);
    const [line = ''] = place.split(':');
    expect(error.excerpt[0]).toBe(text.split('\n')[Number(line) - 1]);
  });

  test.each([
    ['a bare value', '{{name}}', '1:1', 'without a quoting helper'],
    ['a triple brace', '{{{name}}}', '1:1', 'without a quoting helper'],
    ['a triple brace around a helper', '{{{hcl name}}}', '1:1', 'without a quoting helper'],
    ['an ampersand', ' {{&name}}', '1:2', 'without a quoting helper'],
    ['a partial', '{{> other}}', '1:1', 'PartialStatement'],
    ['another block', '{{#with inner}}{{/with}}', '1:4', 'no block {{#with}}'],
    ['another helper', '{{hcl (lookup list 0)}}', '1:7', 'no helper (lookup'],
    ['a helper without a value', '{{hcl}}', '1:1', 'takes 1 argument'],
    ['a helper with two values', '{{hcl name name}}', '1:1', 'takes 1 argument'],
    ['a named argument', '{{hcl name key=1}}', '1:1', 'named arguments'],
    ['a loop over text', '{{#each name}}{{/each}}', '1:9', 'needs a list'],
    ['a value that the format cannot represent', 'x\n {{line bad}}', '2:2', 'not a single plain line'],
    ['a list where text is wanted', '{{line list}}', '1:1', 'a list where text is wanted'],
    ['the braces of another program', 'a\nb = {{ .SSHHostPort }}', '2:8', 'not valid Handlebars'],
    ['an unfinished tag', '{{hcl', '1:3', 'not valid Handlebars'],
    ['a block that another one closes', '{{#if name}}{{/each}}', '1:4', "doesn't match"],
  ])('with %s fails, with the place', (_what, text, place, problem) => {
    const { message } = errorOf(text);
    expect(message).toContain(`t.hbs:${place}: `);
    expect(message).toContain(problem);
  });
});
