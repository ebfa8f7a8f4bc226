import { createHash } from 'node:crypto';
import { lstat, readdir, readlink } from 'node:fs/promises';
import { join } from 'node:path';
import { sha256File } from './sha256-file.ts';

/** A line for each file and link below a folder: path, kind, whether it can be executed, content. */
async function linesOf(folder: string, path: string): Promise<string[]> {
  const entries = await readdir(join(folder, path), { withFileTypes: true });
  const lines: string[] = [];
  for (const entry of entries) {
    const name = `${path}/${entry.name}`;
    const file = join(folder, name);
    if (entry.isDirectory()) lines.push(...(await linesOf(folder, name)));
    else if (entry.isSymbolicLink()) lines.push(JSON.stringify([name, 'link', await readlink(file)]));
    else {
      const executable = ((await lstat(file)).mode & 0o111) !== 0;
      lines.push(JSON.stringify([name, executable, await sha256File(file)]));
    }
  }
  return lines;
}

/**
 * One digest of all that lies below a folder, without what a checkout decides: times, owners, umask, the order of folders.
 * @param folder absolute
 * @returns SHA-256, 64 hexadecimal digits
 */
export async function folderDigest(folder: string): Promise<string> {
  const lines = (await linesOf(folder, '')).sort();
  return createHash('sha256').update(lines.join('\n')).digest('hex');
}
