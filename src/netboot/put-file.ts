import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';

/**
 * A temporary name next to a path, under which a file or folder is prepared. nginx serves no names that begin with a
 * dot.
 */
export const temporaryName = (path: string): string =>
  join(dirname(path), `.${basename(path)}.${process.pid}.new`);

/** Writes a file atomically, by rename. A file that already has this content is not touched. */
export async function putFile(path: string, content: string | Buffer): Promise<void> {
  const before = await readFile(path).catch(() => undefined);
  if (before?.equals(Buffer.from(content)) === true) return;
  await mkdir(dirname(path), { recursive: true });
  const made = temporaryName(path);
  try {
    await writeFile(made, content, { mode: 0o644 });
    await rename(made, path);
  } finally {
    await rm(made, { force: true });
  }
}
