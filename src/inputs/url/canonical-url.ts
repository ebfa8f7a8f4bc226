/**
 * The characters that may appear unescaped in a URL: RFC 3986, 2.2 and 2.3, without those at which apt or deb822 would
 * split or which they would substitute.
 */
const plain = /[A-Za-z0-9._~!&*+,;=:@/?%-]/;
/**
 * The characters without a special meaning anywhere in a path (RFC 3986, 2.3): an escape of one is equivalent to the
 * character.
 */
const unreserved = /[A-Za-z0-9._~-]/;
const local = /^(?:file|copy):/i;

function escaped(letter: string): string {
  return [...Buffer.from(letter)].map((byte) => `%${byte.toString(16).padStart(2, '0')}`).join('');
}

/** Reports whether a text is a URL and not a path. */
export function isUrl(text: string): boolean {
  return /^[A-Za-z][A-Za-z0-9+.-]*:\//.test(text);
}

/** Returns a path in URL form: every character that a program could interpret is escaped (RFC 3986, 2.1). */
export function encodePath(path: string): string {
  return Array.from(path, (letter) => (/[A-Za-z0-9/._~-]/.test(letter) ? letter : escaped(letter))).join('');
}

/** Returns the URL by which apt copies a file or reads a folder of this machine (sources.list(5), "copy"). */
export function copyUrl(path: string): string {
  return `copy:${encodePath(path)}`;
}

/** Returns scheme, authority and path of a URL; without an authority that names this machine. */
function partsOf(url: string): { scheme: string; authority: string; path: string } {
  const [, scheme = '', authority = '', path = ''] =
    /^([A-Za-z][A-Za-z0-9+.-]*):(?:\/\/([^/]*))?(.*)$/s.exec(url) ?? [];
  return { scheme: scheme.toLowerCase(), authority: local.test(url) ? '' : authority, path };
}

const defaultPorts: Readonly<Record<string, string>> = { http: '80', https: '443', ftp: '21' };

/** Returns host and port in lower case, without the default port of the scheme and without credentials. */
function hostOf(scheme: string, authority: string): string {
  const host = authority.slice(authority.lastIndexOf('@') + 1).toLowerCase();
  const port = defaultPorts[scheme];
  return port === undefined ? host : host.replace(new RegExp(`:(?:0*${port})?$`), '');
}

/** Normalises escapes: unreserved characters are not escaped, and all other escapes are in lower case. */
function oneForm(path: string): string {
  return path
    .replaceAll(/%([0-9A-Fa-f]{2})/g, (escape, digits: string) => {
      const letter = String.fromCharCode(Number.parseInt(digits, 16));
      return unreserved.test(letter) ? letter : escape.toLowerCase();
    })
    .replaceAll(/[^%A-Za-z0-9._~/?-]|%(?![0-9a-f]{2})/gsu, escaped);
}

/**
 * Returns the canonical form in which URLs are compared; it is not for fetching. The following are equal: escapes and
 * the characters that they stand for; schemes and hosts in upper and lower case; one slash and several; with and
 * without a slash at the end; with and without the default port; `file:/x`, `file:///x`, `file://localhost/x` and
 * `copy:/x`. Credentials are omitted.
 */
export function canonicalUrl(url: string): string {
  const { scheme, authority, path } = partsOf(url);
  const form = oneForm(path)
    .replaceAll(/\/{2,}/g, '/')
    .replace(/\/$/, '');
  return local.test(url) ? `file:${form}` : `${scheme}://${hostOf(scheme, authority)}${form}`;
}

/** Reports whether two URLs name the same place. */
export function sameUrl(left: string, right: string): boolean {
  return canonicalUrl(left) === canonicalUrl(right);
}

/**
 * Returns a URL in a form that apt's sources and programs accept: without blanks, quotes, brackets or non-ASCII
 * characters in its path, and without credentials. A local path has no authority, as apt itself writes it. Existing
 * escapes stay.
 */
export function aptUrl(url: string): string {
  const { scheme, authority, path } = partsOf(url);
  const form = Array.from(path, (letter) => (plain.test(letter) ? letter : escaped(letter)))
    .join('')
    .replaceAll(/%(?![0-9A-Fa-f]{2})/g, '%25');
  return local.test(url)
    ? `${scheme}:${form.replace(/^\/+/, '/')}`
    : `${scheme}://${hostOf(scheme, authority)}${form}`;
}

/** Returns a URL without its credentials, otherwise unchanged. */
export function withoutUser(url: string): string {
  return url.replace(/^([A-Za-z][A-Za-z0-9+.-]*:\/\/)[^/]*@/, '$1');
}
