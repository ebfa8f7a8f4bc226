import { link, mkdir, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { Target } from '../inputs/targets/target.ts';
import { linksOf } from '../inputs/targets/target-files.ts';

/** Creates the hard links of the targets in the folder of a version. */
export async function linkSharedFiles(folder: string, targets: readonly Target[]): Promise<void> {
  for (const [path, of] of Object.entries(linksOf(targets))) {
    await mkdir(dirname(join(folder, path)), { recursive: true });
    await rm(join(folder, path), { force: true });
    await link(join(folder, of), join(folder, path));
  }
}
