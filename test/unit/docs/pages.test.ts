import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { headingAnchor } from '../../../docs/site/pages.ts';
import { pages as sitePages, withoutBlocks } from '../../samples/pages.ts';

const project = join(import.meta.dirname, '../../..');
const docs = join(project, 'docs');
const read = (path: string) => readFileSync(path, 'utf8');
const inFolder = (folder: string) =>
  readdirSync(folder)
    .filter((name) => name.endsWith('.md'))
    .map((name) => join(folder, name));
const decisions = inFolder(join(docs, 'decisions'));
const pages = sitePages().map((page) => join(project, page));

/** The anchors of a page as GitHub and the site create them from its headings, and those that it defines itself. */
const anchorsOf = (page: string): string[] => {
  const text = withoutBlocks(read(page));
  const counts = new Map<string, number>();
  const headings = [...text.matchAll(/^#+ (.*)$/gm)].map(([, heading = '']) => {
    const anchor = headingAnchor(heading.replace(/\[([^\]]*)\]\([^)]*\)/g, '$1'));
    const before = counts.get(anchor) ?? 0;
    counts.set(anchor, before + 1);
    return before === 0 ? anchor : `${anchor}-${before}`;
  });
  return [...headings, ...[...text.matchAll(/<a id="([^"]+)">/g)].map(([, id = '']) => id)];
};

const linksOf = (page: string): string[] =>
  [...withoutBlocks(read(page)).matchAll(/\]\(([^)\s]+)\)/g)]
    .map(([, target = '']) => target)
    .filter((target) => !/^[a-z]+:/.test(target));

describe('the pages', () => {
  it('contain only links to files and headings that exist', () => {
    const broken = pages.flatMap((page) =>
      linksOf(page)
        .filter((target) => {
          const [path = '', anchor] = target.split('#');
          const file = path === '' ? page : resolve(dirname(page), path);
          return !existsSync(file) || (anchor !== undefined && !anchorsOf(file).includes(anchor));
        })
        .map((target) => `${relative(project, page)}: ${target}`),
    );
    expect(broken).toEqual([]);
  });

  it('the README fits on a page of 120 lines and names the commands that people type', () => {
    const readme = read(join(project, 'README.md'));
    expect(readme.trimEnd().split('\n').length).toBeLessThanOrEqual(120);
    for (const command of ['make setup', 'make bake', 'make test']) expect(readme).toContain(command);
  });

  it('the index of docs/ lists every page', () => {
    const listed = linksOf(join(docs, 'README.md'));
    const names = inFolder(docs).map((page) => relative(docs, page));
    expect(names.filter((name) => name !== 'README.md' && !listed.includes(name))).toEqual([]);
  });
});

describe('the decisions', () => {
  const index = join(docs, 'decisions/README.md');
  const each = decisions.filter((page) => page !== index);

  it('are each in the index once, by title', () => {
    const listed = [...read(index).matchAll(/^- \[(.*)\]\((.*)\)$/gm)].map(([, title, name]) => [
      name,
      title,
    ]);
    const titled = each.map((page) => [
      relative(join(docs, 'decisions'), page),
      /^# (.*)$/m.exec(read(page))?.[1],
    ]);
    expect(listed.sort()).toEqual(titled.sort());
  });

  it('each have a decision, and no sections except context, decision, measured, rejected, in this order', () => {
    const order = ['Context', 'Decision', 'Measured', 'Rejected'];
    for (const page of each) {
      const sections = [...read(page).matchAll(/^## (.*)$/gm)].map(([, name]) => name);
      expect(sections, page).toContain('Decision');
      expect(sections, page).toEqual(order.filter((name) => sections.includes(name)));
    }
  });
});
