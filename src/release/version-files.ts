import { readdir } from 'node:fs/promises';
import { join } from 'node:path';

export interface VersionFiles {
  /** Relative to the folder. */
  readonly files: readonly string[];
  /** What is neither file nor folder. */
  readonly strange: readonly string[];
}

/** Lists what lies in a version folder, at any depth. */
export async function versionFiles(folder: string, below = ''): Promise<VersionFiles> {
  const files: string[] = [];
  const strange: string[] = [];
  for (const entry of await readdir(join(folder, below), { withFileTypes: true })) {
    const path = below === '' ? entry.name : `${below}/${entry.name}`;
    if (entry.isFile()) files.push(path);
    else if (entry.isDirectory()) {
      const inside = await versionFiles(folder, path);
      files.push(...inside.files);
      strange.push(...inside.strange);
    } else strange.push(path);
  }
  return { files, strange };
}
