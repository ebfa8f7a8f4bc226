import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { environment } from '../../../src/cli/environment.ts';

const project = join(import.meta.dirname, '../../..');
const page = readFileSync(join(project, 'docs/environment.md'), 'utf8');
const documented = [...page.matchAll(/^\| `([^|]*)` +\|/gm)].map(([, names = '']) => names.split('`, `'));

// Words that end a text inside a shell script, not variables.
const delimiters = ['INGOT_CHECK_END', 'INGOT_PROGRAM_END'];

// What the build, a bake and the tests write, and texts about variables.
const passedOver =
  /(^|\/)(\.git|node_modules|__pycache__)(\/|$)|^(dist|docs|man|schemas|completions|packages|out|\.make|stand-ins\/build|CHANGELOG\.md)(\/|$)/;

/** The files below a folder of the project, as paths in the project. */
function filesIn(folder: string): string[] {
  return readdirSync(join(project, folder), { withFileTypes: true })
    .map((entry) => ({ entry, path: join(folder, entry.name) }))
    .filter(({ path }) => !passedOver.test(path))
    .flatMap(({ entry, path }) => (entry.isDirectory() ? filesIn(path) : entry.isFile() ? [path] : []));
}

/** Each variable that a file of the project names, with one such file. */
function namedVariables(): Map<string, string> {
  const named = new Map<string, string>();
  for (const file of filesIn('.'))
    for (const [name] of readFileSync(join(project, file), 'utf8').matchAll(/\bINGOT_[A-Z0-9_]*[A-Z0-9]\b/g))
      if (!delimiters.includes(name)) named.set(name, file);
  return named;
}

test('docs/environment.md has every INGOT_ variable that any file of the project names, and no other', () => {
  const named = namedVariables();
  const names = documented.flat().filter((name) => name.startsWith('INGOT_'));
  expect([...named].filter(([name]) => !names.includes(name))).toEqual([]);
  expect(names.filter((name) => !named.has(name))).toEqual([]);
  expect(names).toEqual([...new Set(names)]);
});

test('every variable that src/ reads is in the table of the help', () => {
  const read = filesIn('src').flatMap((file) =>
    [...readFileSync(join(project, file), 'utf8').matchAll(/(?:env|[eE]nvironment)\['([A-Za-z_]+)'\]/g)].map(
      ([, name = '']) => name,
    ),
  );
  const known = [...environment.flatMap(({ name }) => name.split(', ')), 'HOME', 'SOURCE_DATE_EPOCH'];
  expect(read).toContain('INGOT_ACCEL');
  expect(read.filter((name) => !known.includes(name))).toEqual([]);
});

test('the first table of the page says the same as the help and the manual page', () => {
  const [, first = ''] = /## Of ingot\n([\s\S]*?)\n## /.exec(page) ?? [];
  const rows = [...first.matchAll(/^\| `([^|]*)` +\| (.*?) +\|$/gm)].map(([, names = '', sets]) => ({
    name: names.replaceAll('`', ''),
    sets,
  }));
  expect(rows).toEqual(environment.map(({ name, sets }) => ({ name, sets })));
});
