import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';

/** A name beside a path under which a file or folder is made; nginx serves no name that begins with a point. */
export const unfinished = (path: string): string =>
  join(dirname(path), `.${basename(path)}.${process.pid}.new`);

/** Writes a file whole, by rename; one that says the same already stays as it is. */
export async function putFile(path: string, content: string | Buffer): Promise<void> {
  const before = await readFile(path).catch(() => undefined);
  if (before?.equals(Buffer.from(content)) === true) return;
  await mkdir(dirname(path), { recursive: true });
  const made = unfinished(path);
  try {
    await writeFile(made, content, { mode: 0o644 });
    await rename(made, path);
  } finally {
    await rm(made, { force: true });
  }
}
