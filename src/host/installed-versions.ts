import { readFile } from 'node:fs/promises';

/**
 * The versions of installed packages in the text of dpkg's status file (dpkg-query(1), deb-control(5)): name → version. Those that are
 * not installed are left out; of several architectures the first counts.
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

/** The versions of packages of this host as dpkg knows them, without starting it: name → version. */
export async function installedVersions(
  names: readonly string[],
  statusFile = '/var/lib/dpkg/status',
): Promise<ReadonlyMap<string, string>> {
  const status = await readFile(statusFile, 'utf8').catch(() => '');
  return versionsIn(status, names);
}
