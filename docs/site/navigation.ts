import { posix } from 'node:path';
import { sitePath } from './pages.ts';

export interface NavigationItem {
  readonly text: string;
  readonly link: string;
}

export interface NavigationGroup {
  readonly text: string;
  readonly collapsed?: boolean;
  readonly items: readonly NavigationItem[];
}

/** Returns the text of a page by its path in the project; undefined if there is no such page. */
export type ReadPage = (file: string) => string | undefined;

const links = (line: string): string[] =>
  [...line.matchAll(/\]\(([^)#\s]+\.md)(?:#[^)\s]*)?\)/g)].map(([, target = '']) => target);

/** The title of a page for the navigation: its heading up to the first colon or comma, without marks. */
export function shortTitle(text: string): string {
  const heading = /^# (.+)$/m.exec(text)?.[1] ?? '';
  return heading.replaceAll(/[`*]/g, '').replace(/(?<!\/)[:,] .*$/, '');
}

/**
 * The groups of an index page, in its order: each second-level heading with the pages that its tables and lists link.
 * A page that several groups link is in the first.
 * @param index relative to the project
 */
export function groupsOf(index: string, read: ReadPage): NavigationGroup[] {
  const [, ...sections] = (read(index) ?? '').split(/^## /m);
  const seen = new Set<string>();
  return sections.map((section) => {
    const [heading = '', ...lines] = section.split('\n');
    const items: NavigationItem[] = [];
    for (const target of lines.filter((line) => /^(?:\||- )/.test(line)).flatMap(links)) {
      const file = posix.join(posix.dirname(index), target);
      const text = read(file);
      if (text === undefined || seen.has(file)) continue;
      seen.add(file);
      items.push(item(shortTitle(text), file));
    }
    return { text: heading.trim(), items };
  });
}

const item = (text: string, file: string): NavigationItem => ({ text, link: `/${sitePath(file)}` });

/** The bar at the top: pages that exist, each with its text there. */
const bar: readonly (readonly [string, string])[] = [
  ['First steps', 'docs/tutorial.md'],
  ['All pages', 'docs/README.md'],
  ['Troubleshooting', 'docs/troubleshooting.md'],
  ['Commands', 'docs/commands.md'],
  ['Comparison', 'docs/comparison.md'],
  ['Decisions', 'docs/decisions/README.md'],
];

const projectPages = ['CONTRIBUTING.md', 'SECURITY.md', 'CHANGELOG.md'];

/** The bar at the top of every page. */
export const topBar = (read: ReadPage): NavigationItem[] =>
  bar.filter(([, file]) => read(file) !== undefined).map(([text, file]) => item(text, file));

/** The lists at the side: that of the decisions under /decisions/, and one for all other pages. */
export function sideBar(read: ReadPage): Record<string, NavigationGroup[]> {
  const present = (file: string) => read(file) !== undefined;
  return {
    '/decisions/': [
      { text: 'Decisions', items: [item('All decisions', 'docs/decisions/README.md')] },
      ...groupsOf('docs/decisions/README.md', read)
        .filter(({ items }) => items.length > 0)
        .map((group) => ({ ...group, collapsed: true })),
    ],
    '/': [
      { text: 'ingot', items: [item('Overview', 'README.md'), item('All pages', 'docs/README.md')] },
      ...groupsOf('docs/README.md', read).filter(({ items }) => items.length > 0),
      {
        text: 'Project',
        items: projectPages.filter(present).map((file) => item(shortTitle(read(file) ?? ''), file)),
      },
    ],
  };
}
