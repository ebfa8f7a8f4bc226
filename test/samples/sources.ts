import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import ts from 'typescript';

/** A source file of ingot: its path relative to the repository, and its syntax tree. */
export interface SourceFile {
  readonly path: string;
  readonly tree: ts.SourceFile;
}

export const parseSource = (path: string, text: string): SourceFile => ({
  path,
  tree: ts.createSourceFile(path, text, ts.ScriptTarget.Latest),
});

const project = join(import.meta.dirname, '..', '..');

/** Every TypeScript file below these folders of the repository. */
export function sourceFiles(...folders: readonly string[]): SourceFile[] {
  return folders.flatMap((folder) =>
    readdirSync(join(project, folder), { recursive: true, encoding: 'utf8' })
      .filter((name) => /\.tsx?$/.test(name))
      .map((name) => join(folder, name))
      .map((path) => parseSource(path, readFileSync(join(project, path), 'utf8'))),
  );
}

export interface WrittenTexts {
  readonly strings: readonly string[];
  readonly patterns: readonly string[];
}

/**
 * The texts and patterns in a file: strings, templates with … for each expression, regular expressions; no comments.
 */
export function writtenTexts({ tree }: SourceFile): WrittenTexts {
  const strings: string[] = [];
  const patterns: string[] = [];
  const visit = (node: ts.Node): void => {
    if (ts.isStringLiteralLike(node)) strings.push(node.text);
    if (ts.isTemplateExpression(node))
      strings.push([node.head.text, ...node.templateSpans.map(({ literal }) => literal.text)].join('…'));
    if (ts.isRegularExpressionLiteral(node)) patterns.push(node.text);
    ts.forEachChild(node, visit);
  };
  visit(tree);
  return { strings, patterns };
}

/** The names that a file declares and exports; names that it only re-exports belong to another file. */
export function exportedNames({ tree }: SourceFile): string[] {
  return tree.statements.flatMap((statement) => {
    if (!ts.canHaveModifiers(statement)) return [];
    const modifiers = ts.getModifiers(statement) ?? [];
    if (!modifiers.some(({ kind }) => kind === ts.SyntaxKind.ExportKeyword)) return [];
    if (ts.isVariableStatement(statement))
      return statement.declarationList.declarations.flatMap(({ name }) =>
        ts.isIdentifier(name) ? [name.text] : [],
      );
    const { name } = statement as ts.DeclarationStatement;
    return name === undefined ? [] : [name.text];
  });
}
