import { describe, expect, it, test } from 'vitest';
import { faultsOf } from '../../../docs/site/built-site.ts';
import { groupsOf, shortTitle, sideBar, topBar } from '../../../docs/site/navigation.ts';
import { copiedFile, headingAnchor, isPage, siteLink, sitePath } from '../../../docs/site/pages.ts';
import { pages, readPage } from '../../samples/pages.ts';

const existing = new Set(pages());
const read = (file: string) => (existing.has(file) ? readPage(file) : undefined);

describe('the place of a page on the site', () => {
  test.each([
    ['README.md', 'index.md'],
    ['docs/README.md', 'documentation.md'],
    ['docs/spec.md', 'spec.md'],
    ['docs/decisions/README.md', 'decisions/index.md'],
    ['docs/decisions/blank-disk.md', 'decisions/blank-disk.md'],
    ['CONTRIBUTING.md', 'contributing.md'],
    ['stand-ins/README.md', 'stand-ins/index.md'],
  ])('%s is %s', (file, place) => {
    expect(sitePath(file)).toBe(place);
  });

  it('is different for each page', () => {
    const places = pages().map(sitePath);
    expect(places.filter((place, index) => places.indexOf(place) !== index)).toEqual([]);
  });

  it('is not given to files of tests, of packages and of hidden folders', () => {
    for (const file of ['test/samples/a.md', 'node_modules/a/README.md', '.github/a.md', 'docs/spec.yaml'])
      expect([file, isPage(file)]).toEqual([file, false]);
  });
});

describe('a link of a page', () => {
  test.each([
    ['docs/bake.md', 'cache.md#keys', '/cache.md#keys'],
    ['docs/bake.md', '../README.md', '/index.md'],
    ['README.md', 'docs/decisions/README.md', '/decisions/index.md'],
    ['docs/decisions/a.md', '../drift.md', '/drift.md'],
  ])('of %s to %s leads to that page of the site', (from, href, to) => {
    expect(siteLink(from, href)).toEqual({ href: to });
  });

  it('to another file leads to a copy of it, which a browser shows', () => {
    expect(siteLink('docs/spec.md', '../examples/clusterd.yaml')).toEqual({
      href: '/files/examples/clusterd.yaml.txt',
      copies: 'examples/clusterd.yaml',
    });
    expect(copiedFile('docs/performance/performance.svg')).toBe('files/docs/performance/performance.svg');
  });

  test.each(['https://example.org/a.md', 'mailto:a@example.org', '#keys'])('to %s stays', (href) => {
    expect(siteLink('docs/bake.md', href)).toBeUndefined();
  });

  it('has the anchors of GitHub', () => {
    expect(headingAnchor('Verifying a version: `ingot verify DIR... --key PUB`')).toBe(
      'verifying-a-version-ingot-verify-dir---key-pub',
    );
    expect(headingAnchor('images/: what is on a node')).toBe('images-what-is-on-a-node');
  });
});

describe('the navigation', () => {
  it('has the groups of docs/README.md in its order, and every page that it lists once', () => {
    const groups = groupsOf('docs/README.md', read);
    const headings = [...readPage('docs/README.md').matchAll(/^## (.*)$/gm)].map(([, heading]) => heading);
    expect(groups.map(({ text }) => text)).toEqual(headings);
    const links = groups.flatMap(({ items }) => items.map(({ link }) => link));
    expect(links.filter((link, index) => links.indexOf(link) !== index)).toEqual([]);
    const listed = pages().filter((file) => /^docs\/[^/]+\.md$/.test(file) && file !== 'docs/README.md');
    expect(listed.map((file) => `/${sitePath(file)}`).filter((link) => !links.includes(link))).toEqual([]);
  });

  it('names every page, with a text that fits in a narrow column', () => {
    const items = Object.values(sideBar(read)).flatMap((groups) => groups.flatMap((group) => group.items));
    expect(items.filter(({ text }) => text.trim() === '')).toEqual([]);
    const inGuides = groupsOf('docs/README.md', read).flatMap((group) => group.items);
    expect(inGuides.filter(({ text }) => text.length > 60)).toEqual([]);
  });

  it('has the decisions in groups of their own, and troubleshooting at the top once there is such a page', () => {
    expect(sideBar(read)['/decisions/']?.length).toBeGreaterThan(5);
    const present = topBar((file) => (file === 'docs/troubleshooting.md' ? '# Troubleshooting' : undefined));
    expect(present).toEqual([{ text: 'Troubleshooting', link: '/troubleshooting.md' }]);
    expect(topBar(() => undefined)).toEqual([]);
  });

  test.each([
    ['# Sealing: from an exported tree to a golden root', 'Sealing'],
    ['# Updates: a new version on a node, and automatic fall-back', 'Updates'],
    ['# Rehearsing an upgrade, and a statement that it was rehearsed', 'Rehearsing an upgrade'],
    ['# images/: what is on a node', 'images/: what is on a node'],
    ['# `cluster.yaml`', 'cluster.yaml'],
  ])('shortens "%s" to "%s"', (heading, title) => {
    expect(shortTitle(`${heading}\n\ntext`)).toBe(title);
  });
});

describe('the check of a built site', () => {
  const site = (page: string) =>
    new Map<string, string | undefined>([
      ['index.html', page],
      ['decisions/index.html', '<h1 id="one">One</h1>'],
      ['picture.svg', undefined],
    ]);

  test.each([
    '<a href="/decisions/">x</a>',
    '<a href="/decisions/index.html#one">x</a>',
    '<a href="./decisions/?q=1#one">x</a>',
    '<a id="here" href="#here">x</a>',
    '<a href="https://example.org/nowhere">x</a>',
    '<img src="picture.svg">',
    '<img src="data:image/png;base64,AAAA">',
  ])('accepts %s', (html) => {
    expect(faultsOf(site(html))).toEqual([]);
  });

  test.each([
    ['<a href="/decision/">x</a>', 'index.html: /decision/: no such file'],
    ['<a href="/decisions/#two">x</a>', 'index.html: /decisions/#two: no such anchor'],
    ['<a href="#gone">x</a>', 'index.html: #gone: no such anchor'],
    ['<img src="gone.svg">', 'index.html: gone.svg: no such file'],
    ['<script src="https://example.org/a.js"></script>', 'index.html: loads https://example.org/a.js'],
    ['<link rel="stylesheet" href="//example.org/a.css">', 'index.html: loads //example.org/a.css'],
  ])('refuses %s', (html, fault) => {
    expect(faultsOf(site(html))).toEqual([fault]);
  });

  it('reads addresses below the path at which the site is served', () => {
    expect(faultsOf(site('<a href="/ingot/decisions/">x</a>'), '/ingot/')).toEqual([]);
    expect(faultsOf(site('<a href="/ingot/gone">x</a>'), '/ingot/')).toHaveLength(1);
  });
});
