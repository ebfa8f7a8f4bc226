import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { IngotError } from '../host/ingot-error.ts';
import { isVersionName } from '../version/version-name.ts';

/** The file of a store in which people pin versions. */
export const pinsFile = (out: string): string => join(out, 'pins');

/**
 * Reads the versions that people pinned, with the reason: a line "VERSION REASON…" each, # begins a comment.
 * @param out absolute path of the store
 * @throws IngotError unusable-folder for a line that is not one, because it is not known then what to keep
 */
export async function readPins(out: string): Promise<ReadonlyMap<string, string>> {
  const text = await readFile(pinsFile(out), 'utf8').catch((error: unknown) => {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return '';
    throw error;
  });
  const pins = new Map<string, string>();
  for (const [index, line] of text.split(/\r?\n/).entries()) {
    const [version = '', ...reason] = line
      .replace(/(^|\s)#.*$/, '')
      .trim()
      .split(/\s+/);
    if (version === '') continue;
    if (!isVersionName(version))
      throw new IngotError({
        code: 'unusable-folder',
        message: `${pinsFile(out)}:${index + 1}: ${version} is not the name of a version`,
        hint: 'write one version on each line, such as 20261128-34df6ba5d428, with the reason after it',
      });
    pins.set(version, reason.join(' '));
  }
  return pins;
}
