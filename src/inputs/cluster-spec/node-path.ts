/**
 * Symbolic links of Debian's root (usr-is-merged; hier(7); /var/run and /var/lock of base-files), and their targets.
 */
const links: readonly (readonly [string, string])[] = [
  ['/bin', '/usr/bin'],
  ['/sbin', '/usr/sbin'],
  ['/lib', '/usr/lib'],
  ['/lib32', '/usr/lib32'],
  ['/lib64', '/usr/lib64'],
  ['/libx32', '/usr/libx32'],
  ['/var/run', '/run'],
  ['/var/lock', '/run/lock'],
];

/**
 * Returns the real path of a path on a node, with the links of the merged /usr above it resolved. A path that is such a
 * link itself stays as it is.
 */
export function canonicalNodePath(path: string): string {
  const link = links.find(([from]) => path.startsWith(`${from}/`));
  return link === undefined ? path : link[1] + path.slice(link[0].length);
}

const folders = new Set([
  ...links.map(([from]) => from),
  ...[
    '/boot',
    '/dev',
    '/etc',
    '/home',
    '/media',
    '/mnt',
    '/opt',
    '/proc',
    '/root',
    '/run',
    '/srv',
    '/sys',
    '/tmp',
    '/usr',
    '/var',
  ],
  // The second-level folders that base-files owns, which is part of every Debian system.
  ...['backups', 'cache', 'lib', 'local', 'log', 'mail', 'opt', 'spool', 'tmp'].map((name) => `/var/${name}`),
  ...['bin', 'games', 'include', 'lib', 'lib32', 'lib64', 'libx32', 'local', 'sbin', 'share', 'src'].map(
    (name) => `/usr/${name}`,
  ),
  ...['default', 'dpkg', 'opt', 'profile.d', 'skel', 'update-motd.d'].map((name) => `/etc/${name}`),
]);

/** Reports whether the path is a folder of every Debian system, or a link to one. */
export function isFolderOfDebian(path: string): boolean {
  return folders.has(path);
}

const utf8 = new TextEncoder();

/** Explains to the user why Linux cannot have such a path (limits.h: NAME_MAX, PATH_MAX); undefined if it can. */
export function whyTooLong(path: string): string | undefined {
  const bytes = (text: string): number => utf8.encode(text).length;
  if (path.split('/').some((name) => bytes(name) > 255)) return 'has a name of more than 255 bytes';
  return bytes(path) > 4095 ? 'has more than 4095 bytes' : undefined;
}
