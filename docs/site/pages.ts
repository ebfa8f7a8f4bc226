import { posix } from 'node:path';

/** Markdown that is not part of the site, as patterns relative to the project. */
export const excludedFolders = ['test', 'out', 'docs/site', 'docs/performance/work', 'stand-ins/build'];

/** Places on the site that do not follow from the path in the project. */
const places: Readonly<Record<string, string>> = {
  'README.md': 'index.md',
  'docs/README.md': 'documentation.md',
};

/** Whether a file of the project, relative to it, is a page of the site. */
export const isPage = (file: string): boolean =>
  file.endsWith('.md') &&
  !file.split('/').some((part) => part.startsWith('.') || part === 'node_modules' || part === 'dist') &&
  !excludedFolders.some((folder) => file.startsWith(`${folder}/`));

/**
 * The place of a page on the site, relative to its root and still ending in `.md`.
 * @param file relative to the project
 */
export function sitePath(file: string): string {
  const known = places[file];
  if (known !== undefined) return known;
  const folder = posix.dirname(file.replace(/^docs\//, ''));
  const name = posix.basename(file);
  const place = name === 'README.md' ? 'index.md' : /^[A-Z]+\.md$/.test(name) ? name.toLowerCase() : name;
  return posix.join(folder, place);
}

/**
 * The place on the site of a file that is not a page. It ends in `.txt`, so that browsers show it whatever it is, except
 * pictures.
 * @param file relative to the project
 */
export const copiedFile = (file: string): string =>
  `files/${file}${/\.(svg|png|txt|json)$/.test(file) ? '' : '.txt'}`;

export interface SiteLink {
  /** The address on the site, from its root. */
  readonly href: string;
  /** The file of the project to copy for it, if the target is not a page. */
  readonly copies?: string;
}

/**
 * The link of a page as a link of the site.
 * @param from the page with the link, relative to the project
 * @param href the link as the Markdown has it
 * @returns undefined if the link stays as it is: to another site, or within the page
 */
export function siteLink(from: string, href: string): SiteLink | undefined {
  if (/^(?:[a-z][a-z+.-]*:|\/\/|#)/i.test(href)) return undefined;
  const [path = '', anchor] = href.split('#');
  const target = posix.join(posix.dirname(from), decodeURI(path));
  const hash = anchor === undefined ? '' : `#${anchor}`;
  if (isPage(target)) return { href: `/${sitePath(target)}${hash}` };
  return { href: `/${copiedFile(target)}${hash}`, copies: target };
}

/** The anchor that GitHub gives to a heading. */
export const headingAnchor = (heading: string): string =>
  heading
    .toLowerCase()
    .trim()
    .replace(/[^\p{L}\p{M}\p{N}\p{Pc} -]/gu, '')
    .replaceAll(' ', '-');
