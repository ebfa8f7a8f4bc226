import { readdir, readFile } from 'node:fs/promises';
import { join, relative, sep } from 'node:path';

/**
 * Reads every file below a folder as text. Returns the relative path of each, with "/", and its content.
 * @param replaced texts of the site's layers that replace files of the folder, by their paths
 */
export async function loadTemplates(
  folder: string,
  replaced: Readonly<Record<string, string>> = {},
): Promise<ReadonlyMap<string, string>> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const paths = entries
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .sort();
  const own = await Promise.all(
    paths.map(
      async (path) => [relative(folder, path).split(sep).join('/'), await readFile(path, 'utf8')] as const,
    ),
  );
  return new Map([...own, ...Object.entries(replaced)]);
}
