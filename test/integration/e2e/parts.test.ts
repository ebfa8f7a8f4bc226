import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import config from '../../../vitest.config.ts';

const root = join(import.meta.dirname, '..', '..', '..');
const partsOf = (file: string): string[] =>
  (config.test?.projects ?? []).flatMap((project) => {
    if (typeof project !== 'object' || !('test' in project)) return [];
    const { name, include = [], exclude = [] } = project.test ?? {};
    const fits = (pattern: string): boolean =>
      new RegExp(
        `^${pattern.replaceAll('.', '\\.').replaceAll('**/', '\0').replaceAll('*', '[^/]*').replaceAll('\0', '(.*/)?')}$`,
      ).test(file);
    return typeof name === 'string' && include.some(fits) && !exclude.some(fits) ? [name] : [];
  });

it('every test file is in one part of the tests; make test-all runs every part, make test all except what is slow and rarely breaks', () => {
  const files = readdirSync(join(root, 'test'), { recursive: true })
    .map(String)
    .filter((file) => file.endsWith('.test.ts'))
    .map((file) => `test/${file}`);
  expect(files.length).toBeGreaterThan(100);
  expect(files.filter((file) => partsOf(file).length !== 1)).toEqual([]);
  const said = /^test-all:\n\t@test\/run (.*)$/m.exec(readFileSync(join(root, 'Makefile'), 'utf8'))?.[1];
  const parts = [...new Set(files.flatMap(partsOf))];
  expect(said?.split(' ').sort()).toEqual(['check', ...parts].sort());
  const usual = /set -- (.*)$/m.exec(readFileSync(join(root, 'test', 'run'), 'utf8'))?.[1]?.split(' ') ?? [];
  const later = ['nightly', 'rehearsal'];
  expect([...usual, ...later].sort()).toEqual(['check', ...parts].sort());
});
