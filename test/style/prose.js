// @ts-check
import ts from 'typescript';

/** @param {string} text */
const blank = (text) => text.replace(/[^\n]/g, ' ');

/**
 * Keeps some ranges of a text and blanks the others, so that positions are still those of the file.
 * @param {string} text
 * @param {readonly (readonly [number, number])[]} ranges
 */
const keep = (text, ranges) => {
  let kept = '';
  let end = 0;
  for (const [from, to] of ranges) {
    kept += blank(text.slice(end, from)) + text.slice(from, to);
    end = to;
  }
  return kept + blank(text.slice(end));
};

// Code, comments of the page and addresses are not prose.
const notProse =
  /^( *)(`{3,}|~{3,})[^\n]*\n[\s\S]*?^\1\2[^\n]*$|(`+)(?!`)[^`][\s\S]*?(?<!`)\3(?!`)|<!--[\s\S]*?-->|\]\([^)\s]*\)|https?:\/\/\S+/gm;

/**
 * The prose of a Markdown page; code and addresses are blank.
 * @param {string} text
 */
export const markdownProse = (text) => text.replace(notProse, blank);

/**
 * What people read of a TypeScript module: docstrings, and string literals and texts of elements of at least two words (a
 * single word may be a key or a value that other programs know). Code inside backticks, `{@link}` and addresses are blank.
 * @param {string} text
 * @param {string} name a name whose ending says whether it has elements: .ts or .tsx
 */
export const scriptProse = (text, name = 'module.ts') => {
  const source = ts.createSourceFile(name, text, ts.ScriptTarget.ES2023, true);
  /** @type {[number, number][]} */
  const ranges = [];
  /** @param {ts.Node} node */
  const visit = (node) => {
    if (ts.isImportDeclaration(node) || ts.isExportDeclaration(node)) return;
    if (
      ts.isStringLiteralLike(node) ||
      ts.isJsxText(node) ||
      ts.isTemplateHead(node) ||
      ts.isTemplateMiddleOrTemplateTail(node)
    ) {
      if (/\S\s+\S|^\s\S|\S\s$/.test(node.text)) ranges.push([node.getStart(source), node.getEnd()]);
    }
    ts.forEachChild(node, visit);
  };
  visit(source);
  const strings = keep(text, ranges);
  const docstrings = keep(
    text,
    [...text.matchAll(/\/\*\*[\s\S]*?\*\//g)]
      .map(({ index, 0: { length } }) => /** @type {const} */ ([index, index + length]))
      .filter(([index]) => !ranges.some(([from, to]) => index >= from && index < to)),
  ).replace(/`[^`\n]*`|https?:\/\/\S+/g, blank);
  return [...strings].map((letter, at) => (letter === ' ' ? (docstrings[at] ?? ' ') : letter)).join('');
};
