import { existsSync } from 'node:fs';
import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { dirname, join, normalize } from 'node:path';
import { IngotError } from './ingot-error.ts';

/** The name of the list of files that we wrote into a folder. Only listed files are ever changed or removed. */
const listName = '.ingot-rendered';

const isBelow = (path: string): boolean => path !== '' && !/^(\.\.)?(\/|$)/.test(normalize(path));

async function listed(folder: string): Promise<string[] | undefined> {
  const text = await readFile(join(folder, listName), 'utf8').catch(() => undefined);
  return text?.split('\n').filter(isBelow);
}

async function writeList(folder: string, paths: Iterable<string>): Promise<void> {
  await writeFile(join(folder, listName), `${[...paths].join('\n')}\n`);
}

/**
 * The files that an earlier call of writeRendered left in the folder: relative path → text. Other files are ignored.
 */
export async function readRendered(folder: string): Promise<ReadonlyMap<string, string>> {
  const texts = new Map<string, string>();
  for (const path of (await listed(folder)) ?? []) {
    const text = await readFile(join(folder, path), 'utf8').catch(() => undefined);
    if (text !== undefined) texts.set(path, text);
  }
  return texts;
}

/** Lists the content of the folder; creates it if it does not exist. */
async function openFolder(folder: string): Promise<string[]> {
  try {
    await mkdir(folder, { recursive: true });
    return await readdir(folder);
  } catch (cause) {
    throw new IngotError({
      code: 'unusable-folder',
      message: `${folder} cannot be used as a folder: ${cause instanceof Error ? cause.message : String(cause)}`,
      hint: 'name an empty or new folder',
      cause,
    });
  }
}

function foreign(message: string): IngotError {
  return new IngotError({ code: 'unusable-folder', message, hint: 'name an empty or new folder' });
}

/**
 * Writes files into a folder and removes those that an earlier call wrote and that are no longer in `files`.
 * @throws IngotError unusable-folder if the folder, or a file in it that would be overwritten, was not written by
 * ingot; then nothing is changed
 */
export async function writeRendered(
  folder: string,
  files: readonly { readonly path: string; readonly content: string | Uint8Array }[],
): Promise<void> {
  const present = await openFolder(folder);
  const before = await listed(folder);
  if (before === undefined && present.length > 0)
    throw foreign(`${folder} holds files that ingot did not write; nothing was changed`);
  const paths = files.map(({ path }) => path);
  const taken = paths.filter((path) => before?.includes(path) !== true && existsSync(join(folder, path)));
  if (taken.length > 0)
    throw foreign(
      `ingot did not write ${taken.map((path) => join(folder, path)).join(', ')}; nothing was changed`,
    );

  // The list is written before the files, so that files of a call that is killed are still known to be ours.
  await writeList(folder, new Set([...(before ?? []), ...paths]));
  for (const { path, content } of files) {
    await mkdir(dirname(join(folder, path)), { recursive: true });
    await writeFile(join(folder, path), content);
  }
  for (const gone of (before ?? []).filter((path) => !paths.includes(path)))
    await rm(join(folder, gone), { force: true });
  await writeList(folder, paths);
}
