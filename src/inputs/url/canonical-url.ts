/** What may stand in a URL as it is: RFC 3986, 2.2 and 2.3, without what apt or deb822 would split at or substitute. */
const plain = /[A-Za-z0-9._~!&*+,;=:@/?%-]/;
/** What has no meaning of its own anywhere in a path (RFC 3986, 2.3): an escape of it is the same as the letter. */
const unreserved = /[A-Za-z0-9._~-]/;
const local = /^(?:file|copy):/i;

function escaped(letter: string): string {
  return [...Buffer.from(letter)].map((byte) => `%${byte.toString(16).padStart(2, '0')}`).join('');
}

/** Whether a text is a URL rather than a path. */
export function isUrl(text: string): boolean {
  return /^[A-Za-z][A-Za-z0-9+.-]*:\//.test(text);
}

/** A path as it stands in a URL: every letter that any program could read otherwise is escaped (RFC 3986, 2.1). */
export function encodePath(path: string): string {
  return Array.from(path, (letter) => (/[A-Za-z0-9/._~-]/.test(letter) ? letter : escaped(letter))).join('');
}

/** The URL by which apt copies a file or reads a folder of this machine (sources.list(5), "copy"). */
export function copyUrl(path: string): string {
  return `copy:${encodePath(path)}`;
}

/** Scheme, authority and path of a URL; without an authority that names this machine. */
function partsOf(url: string): { scheme: string; authority: string; path: string } {
  const [, scheme = '', authority = '', path = ''] =
    /^([A-Za-z][A-Za-z0-9+.-]*):(?:\/\/([^/]*))?(.*)$/s.exec(url) ?? [];
  return { scheme: scheme.toLowerCase(), authority: local.test(url) ? '' : authority, path };
}

const defaultPorts: Readonly<Record<string, string>> = { http: '80', https: '443', ftp: '21' };

/** Host and port in lower case, without the port that the scheme has anyway, without credentials. */
function hostOf(scheme: string, authority: string): string {
  const host = authority.slice(authority.lastIndexOf('@') + 1).toLowerCase();
  const port = defaultPorts[scheme];
  return port === undefined ? host : host.replace(new RegExp(`:(?:0*${port})?$`), '');
}

/** Escapes in one form: none where the letter itself is as good, else in lower case. */
function oneForm(path: string): string {
  return path
    .replaceAll(/%([0-9A-Fa-f]{2})/g, (escape, digits: string) => {
      const letter = String.fromCharCode(Number.parseInt(digits, 16));
      return unreserved.test(letter) ? letter : escape.toLowerCase();
    })
    .replaceAll(/[^%A-Za-z0-9._~/?-]|%(?![0-9a-f]{2})/gsu, escaped);
}

/**
 * The one form in which URLs are compared; it is not for fetching. Equal are: escapes and the letters that they stand for, schemes and hosts in
 * either case, one slash and several, a slash at the end and none, the default port and none, `file:/x`, `file:///x`, `file://localhost/x` and `copy:/x`.
 * Credentials are left out.
 */
export function canonicalUrl(url: string): string {
  const { scheme, authority, path } = partsOf(url);
  const form = oneForm(path)
    .replaceAll(/\/{2,}/g, '/')
    .replace(/\/$/, '');
  return local.test(url) ? `file:${form}` : `${scheme}://${hostOf(scheme, authority)}${form}`;
}

/** Whether two URLs name the same place. */
export function sameUrl(left: string, right: string): boolean {
  return canonicalUrl(left) === canonicalUrl(right);
}

/**
 * A URL as apt's sources and its programs can be given it: no blanks, quotes, brackets or letters beyond ASCII in its path, no credentials; a path
 * of this machine without an authority, as apt itself writes it. Escapes that are there stay.
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

/** A URL without the credentials in it, and else as it is. */
export function withoutUser(url: string): string {
  return url.replace(/^([A-Za-z][A-Za-z0-9+.-]*:\/\/)[^/]*@/, '$1');
}
