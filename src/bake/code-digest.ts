import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { projectFolder } from '../host/project-folder.ts';

/** The folder of ingot's code as it runs, absolute. */
export const runningCode = join(import.meta.dirname, '..');

/**
 * Returns one digest of ingot's code as it runs and of package.json, which names the exact version of every library: 64
 * hexadecimal digits. It is computed each time (8 ms), because a digest stored by the build would be wrong after the
 * next build.
 */
export function codeDigest(folder = runningCode): string {
  const hash = createHash('sha256').update(readFileSync(join(projectFolder, 'package.json')));
  const names = readdirSync(folder, { recursive: true, encoding: 'utf8' });
  for (const name of names.filter((one) => /\.(js|tsx?)$/.test(one)).sort())
    hash.update(`\0${name}\0`).update(readFileSync(join(folder, name)));
  return hash.digest('hex');
}
