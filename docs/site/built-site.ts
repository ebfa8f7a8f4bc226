import { posix } from 'node:path';

/** The files of a built site by their path from its root; the text only of HTML pages. */
export type BuiltSite = ReadonlyMap<string, string | undefined>;

const attribute = (name: string) => new RegExp(`\\s${name}="([^"]*)"`, 'g');
const valuesOf = (html: string, name: string): string[] =>
  [...html.matchAll(attribute(name))].map(([, value = '']) => value.replaceAll('&amp;', '&'));

const loads = /<(?:script|img|source|iframe)\b[^>]*\ssrc="([^"]*)"|<link\b[^>]*\shref="([^"]*)"/g;
const external = (address: string): boolean => /^(?:[a-z][a-z+.-]*:|\/\/)/i.test(address);

/** What is wrong with an address on a page; undefined if it leads to a file of the site, and to an anchor in it. */
function fault(site: BuiltSite, page: string, address: string): string | undefined {
  const [path = '', anchor] = address.split('#');
  const target = decodeURI(path.replace(/\?.*$/, ''));
  let file = target === '' ? page : posix.join(posix.dirname(page), target);
  if (target.startsWith('/')) file = target.slice(1);
  if (file === '' || file.endsWith('/')) file += 'index.html';
  if (!site.has(file)) return 'no such file';
  const html = site.get(file);
  if (anchor === undefined || anchor === '' || html === undefined) return undefined;
  return valuesOf(html, 'id').includes(decodeURIComponent(anchor)) ? undefined : 'no such anchor';
}

/**
 * The links of a built site that lead nowhere, and what its pages would load from elsewhere; one line each, sorted.
 * @param base the path at which the site is served, with a slash at its end
 */
export function faultsOf(site: BuiltSite, base = '/'): string[] {
  const faults: string[] = [];
  for (const [page, html] of site) {
    if (html === undefined) continue;
    for (const match of html.matchAll(loads)) {
      const address = match[1] ?? match[2] ?? '';
      if (external(address) && !address.startsWith('data:')) faults.push(`${page}: loads ${address}`);
    }
    for (const address of new Set([...valuesOf(html, 'href'), ...valuesOf(html, 'src')])) {
      if (external(address)) continue;
      const within = address.startsWith(base) ? `/${address.slice(base.length)}` : address;
      const found = fault(site, page, within);
      if (found !== undefined) faults.push(`${page}: ${address}: ${found}`);
    }
  }
  return faults.sort();
}
