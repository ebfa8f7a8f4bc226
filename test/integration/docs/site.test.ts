import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import { afterAll, beforeAll, expect, test } from 'vitest';

const project = join(import.meta.dirname, '../../..');
let site = '';

beforeAll(async () => {
  site = mkdtempSync(join(tmpdir(), 'ingot-site-'));
  // The build ends with status 1 if a link or an anchor leads nowhere, or a page loads anything from elsewhere.
  const vitepress = join(project, 'docs/site/node_modules/vitepress/bin/vitepress.js');
  await execa(process.execPath, [vitepress, 'build', join(project, 'docs/site'), '--outDir', site]);
}, 600_000);
afterAll(() => {
  rmSync(site, { recursive: true });
});

const page = (path: string) => readFileSync(join(site, path), 'utf8');

test('the site starts with the README and has the groups of docs/README.md at its side', () => {
  for (const text of ['Two commands', 'Guides', 'Reference', 'Internals', 'Comparison'])
    expect(page('index.html')).toContain(text);
});

test('a file that a page links is part of the site, as a text that browsers show', () => {
  expect(page('files/images/residue.yaml.txt')).toBe(
    readFileSync(join(project, 'images/residue.yaml'), 'utf8'),
  );
});

test('braces of other languages and placeholders in a text stay as they are', () => {
  expect(page('render.html')).toContain('<code>{{x}}</code>');
});

test('the search needs no server: its index is a file of the site and has every page', () => {
  const chunks = join(site, 'assets/chunks');
  const index = readdirSync(chunks).find((name) => name.startsWith('@localSearchIndex')) ?? '';
  const text = readFileSync(join(chunks, index), 'utf8');
  for (const words of ['Comparison with other tools', 'The stage cache', 'Changelog', 'blank-disk'])
    expect(text).toContain(words);
});
