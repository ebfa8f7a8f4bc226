import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { IngotError } from '../../host/ingot-error.ts';

/** Cache Directory Tagging Specification (bford.info/cachedir): backup programs skip a folder with this file. */
const markName = 'CACHEDIR.TAG';
const mark = `Signature: 8a477f597d28d172789f06886806bc55
# The stage cache of ingot (ingot bake --cache). Files in it are made and removed by ingot.
`;

/** The names that ingot itself creates in caches, now and before they had a tag. */
const ownNames = [
  /^CACHEDIR\.TAG$/,
  /^stages$/,
  /^objects$/,
  /^times\.json$/,
  /^unchanged$/,
  /^apt-sources-[0-9a-f]+\.json$/,
  /^on-the-way-[A-Za-z0-9]+$/,
];
const maxNames = 3;

/** Path of the tag of a cache. */
export const markFile = (folder: string): string => join(folder, markName);

async function namesIn(folder: string): Promise<string[] | undefined> {
  try {
    return await readdir(folder);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    const why = error instanceof Error ? error.message : String(error);
    throw new IngotError({
      code: 'unusable-folder',
      message: `${folder} cannot be a cache: ${why}`,
      hint: 'name a folder with --cache FOLDER',
      cause: error,
    });
  }
}

/** Whether a folder has the tag of an ingot cache. */
async function isMarked(folder: string): Promise<boolean> {
  return (await readFile(markFile(folder), 'utf8').catch(() => '')).startsWith(mark);
}

/**
 * Checks that a folder may be a cache of ingot: it has the tag, is empty, does not exist, or (from before the tag was
 * introduced) holds only what ingot creates.
 * @param folder absolute
 * @throws IngotError unusable-folder for a folder that holds anything else
 */
export async function requireCache(folder: string): Promise<void> {
  const names = await namesIn(folder);
  if (names === undefined || (await isMarked(folder))) return;
  const others = names.filter((name) => !ownNames.some((form) => form.test(name))).sort();
  if (others.length === 0) return;
  const shown = others.slice(0, maxNames).join(', ');
  const more = others.length > maxNames ? ` and ${others.length - maxNames} more` : '';
  throw new IngotError({
    code: 'unusable-folder',
    message: `${folder} is not a cache of ingot, and not empty: it holds ${shown}${more}`,
    hint: 'files that are not needed are removed from a cache: name an empty or new folder',
  });
}

/**
 * Like requireCache, and writes the tag into the folder.
 * @throws IngotError unusable-folder for a folder that holds anything else; errors of the file system
 */
export async function claimCache(folder: string): Promise<void> {
  await requireCache(folder);
  if (await isMarked(folder)) return;
  await mkdir(folder, { recursive: true });
  await writeFile(markFile(folder), mark, { flag: 'wx' }).catch((error: unknown) => {
    // Another bake has written it first.
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  });
}
