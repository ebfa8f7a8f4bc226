import { readFile } from 'node:fs/promises';

/**
 * Reads the versions of installed packages from the text of dpkg's status file (dpkg-query(1), deb-control(5)): name →
 * version. Packages that are not installed are omitted. If a package is installed for several architectures, the first
 * one counts.
 */
export function versionsIn(status: string, names: readonly string[]): ReadonlyMap<string, string> {
  const text = `\n${status}`;
  const found = new Map<string, string>();
  for (const name of names) {
    const mark = `\nPackage: ${name}\n`;
    for (let at = text.indexOf(mark); at !== -1 && !found.has(name); at = text.indexOf(mark, at + 1)) {
      const end = text.indexOf('\n\n', at);
      const stanza = text.slice(at, end === -1 ? undefined : end);
      const version = /\nVersion: (.*)/.exec(stanza)?.[1];
      if (version !== undefined && /\nStatus: \S+ \S+ installed(\n|$)/.test(stanza)) found.set(name, version);
    }
  }
  return found;
}

/** dpkg's record of what is installed on this host (dpkg(1)). */
export const dpkgStatus = '/var/lib/dpkg/status';

/** The versions of packages of this host as dpkg records them, read without starting dpkg: name → version. */
export async function installedVersions(
  names: readonly string[],
  statusFile = dpkgStatus,
): Promise<ReadonlyMap<string, string>> {
  const status = await readFile(statusFile, 'utf8').catch(() => '');
  return versionsIn(status, names);
}
