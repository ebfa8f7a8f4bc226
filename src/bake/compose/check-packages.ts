import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { IngotError } from '../../host/ingot-error.ts';

/** The first line that is not UTF-8 in a package's list of files, with the offending bytes escaped. */
function firstForeignName(list: Buffer): string | undefined {
  try {
    new TextDecoder('utf-8', { fatal: true }).decode(list);
    return undefined;
  } catch {
    const lines = list.toString('latin1').split('\n');
    const line = lines.find((one) => Buffer.from(one, 'latin1').toString('utf8').includes('\uFFFD')) ?? '';
    return line.replace(/[^\x20-\x7e]/g, (byte) => `\\x${byte.charCodeAt(0).toString(16).padStart(2, '0')}`);
  }
}

/**
 * Checks that the name of every file that a tree's packages list can be stored in an image.
 * @param tree absolute
 * @throws IngotError wrong-root that names the package and the file
 */
export async function requireUtf8Names(tree: string): Promise<void> {
  const info = join(tree, 'var/lib/dpkg/info');
  for (const file of (await readdir(info)).filter((name) => name.endsWith('.list')).sort()) {
    const name = firstForeignName(await readFile(join(info, file)));
    if (name === undefined) continue;
    throw new IngotError({
      code: 'wrong-root',
      message: `the package ${file.replace(/(?::[a-z0-9-]+)?\.list$/, '')} has a file whose name is not UTF-8: ${name}`,
      hint: 'the manifest of an image is JSON and cannot name it: take another package, or let its vendor rename the file',
    });
  }
}

/**
 * Checks that debconf's database has no password, which would be in the image of every node.
 * @param tree absolute
 * @throws IngotError wrong-root that names the question
 */
export async function requireNoDebconfPassword(tree: string): Promise<void> {
  const text = await readFile(join(tree, 'var/cache/debconf/passwords.dat'), 'utf8').catch(() => '');
  const kept = text.split(/\n\s*\n/).find((stanza) => /^Value: *\S/m.test(stanza));
  if (kept === undefined) return;
  throw new IngotError({
    code: 'wrong-root',
    message: `debconf keeps a password in the image: the answer to ${/^Name: *(\S+)/m.exec(kept)?.[1] ?? 'a question'}`,
    hint: 'every node would have it: let the package make its password on the node, or leave the question without an answer',
  });
}
