import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { walkTree } from './walk-tree.ts';
import { lstatOrNothing } from './tree-path.ts';

const folders = ['/etc', '/root', '/home', '/srv', '/var/lib'];
/** A key is a few KiB; what is larger is a database or a program that contains the words. */
const largestKeyFile = 128 * 1024;

/**
 * Secrets that no image may carry, as "PATH: what": private keys (PEM, OpenSSH) in small files of /etc, /root, /home, /srv and /var/lib,
 * lines in authorized_keys, and accounts of /etc/shadow with a password or with an empty one. Empty is right.
 */
export async function findSecrets(tree: string): Promise<string[]> {
  const found: string[] = [];
  for (const folder of folders) {
    if (!(await lstatOrNothing(join(tree, folder)))?.isDirectory()) continue;
    for await (const { path, place, stat } of walkTree(join(tree, folder))) {
      if (!stat.isFile() || stat.size > largestKeyFile) continue;
      const text = await readFile(place, 'latin1');
      if (/^-----BEGIN (?:[A-Z0-9]+ )*PRIVATE KEY(?: BLOCK)?-----/m.test(text))
        found.push(`${folder}${path}: a private key`);
      if (/\/authorized_keys2?$/.test(path) && /^\s*[^#\s]/m.test(text))
        found.push(`${folder}${path}: a login key`);
    }
  }
  return [...found, ...(await passwords(tree))];
}

async function passwords(tree: string): Promise<string[]> {
  const shadow = join(tree, 'etc/shadow');
  if (!(await lstatOrNothing(shadow))?.isFile()) return [];
  return loginsWithPassword(await readFile(shadow, 'utf8')).map(
    (name) => `/etc/shadow: ${name} can log in with a password`,
  );
}

/** The accounts of a shadow(5) file whose password field is neither locked ("!…") nor impossible ("*…"). */
export function loginsWithPassword(shadow: string): string[] {
  return shadow
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => line.split(':'))
    .filter(([, password]) => !/^[!*]/.test(password ?? ''))
    .map(([name]) => name ?? '');
}
