import { readdir } from 'node:fs/promises';
import { join } from 'node:path';

export interface VersionFiles {
  /** Relative to the folder. */
  readonly files: readonly string[];
  /** Paths that are neither file nor folder. */
  readonly strange: readonly string[];
  /** Empty folders at any depth, which a list of files cannot name. */
  readonly empty: readonly string[];
}

/** Lists the content of a version folder, at any depth. */
export async function versionFiles(folder: string, below = ''): Promise<VersionFiles> {
  const found = { files: [] as string[], strange: [] as string[], empty: [] as string[] };
  const entries = await readdir(join(folder, below), { withFileTypes: true });
  if (entries.length === 0 && below !== '') found.empty.push(below);
  for (const entry of entries) {
    const path = below === '' ? entry.name : `${below}/${entry.name}`;
    if (entry.isFile()) found.files.push(path);
    else if (entry.isDirectory()) {
      const inside = await versionFiles(folder, path);
      for (const kind of ['files', 'strange', 'empty'] as const) found[kind].push(...inside[kind]);
    } else found.strange.push(path);
  }
  return found;
}
