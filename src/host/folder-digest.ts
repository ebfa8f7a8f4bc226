import { createHash } from 'node:crypto';
import { lstat, readdir, readFile, readlink } from 'node:fs/promises';
import { join } from 'node:path';

/** The value of a file, link or empty folder, without what a checkout decides: times, owners and umask. */
async function valueOf(file: string, isLink: boolean): Promise<string> {
  if (isLink) return `link ${await readlink(file)}`;
  const [{ mode }, content] = await Promise.all([lstat(file), readFile(file)]);
  const digest = createHash('sha256').update(content).digest('hex');
  return `${(mode & 0o111) === 0 ? '0644' : '0755'} ${digest}`;
}

async function entriesOf(folder: string, path: string): Promise<(readonly [string, string])[]> {
  const entries = (await readdir(join(folder, path), { withFileTypes: true })).filter(
    // Python writes this folder next to modules that were run or tested here; it is not part of the project.
    ({ name }) => name !== '__pycache__',
  );
  if (entries.length === 0 && path !== '') return [[`${path.slice(1)}/`, 'folder']];
  const found = await Promise.all(
    entries.map(async (entry) => {
      const name = `${path}/${entry.name}`;
      if (entry.isDirectory()) return entriesOf(folder, name);
      return [[name.slice(1), await valueOf(join(folder, name), entry.isSymbolicLink())] as const];
    }),
  );
  return found.flat();
}

/**
 * Every file, link and empty folder below a folder: its relative path → whether it is executable and its SHA-256, or
 * the target of the link.
 * @param folder absolute; its files must be small enough to be read whole
 */
export async function digestsBelow(folder: string): Promise<ReadonlyMap<string, string>> {
  return new Map((await entriesOf(folder, '')).sort(([a], [b]) => (a < b ? -1 : 1)));
}

/** One digest of the result of digestsBelow: SHA-256, 64 hexadecimal digits. */
export function digestOf(files: ReadonlyMap<string, string>): string {
  return createHash('sha256')
    .update(JSON.stringify([...files]))
    .digest('hex');
}
