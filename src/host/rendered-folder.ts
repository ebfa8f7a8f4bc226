import { existsSync } from 'node:fs';
import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { dirname, join, normalize } from 'node:path';
import { IngotError } from './ingot-error.ts';

/** The list of what we wrote into a folder, so that only that is ever changed or removed in it. */
const listName = '.ingot-rendered';

const liesBelow = (path: string): boolean => path !== '' && !/^(\.\.)?(\/|$)/.test(normalize(path));

async function listed(folder: string): Promise<string[] | undefined> {
  const text = await readFile(join(folder, listName), 'utf8').catch(() => undefined);
  return text?.split('\n').filter(liesBelow);
}

async function writeList(folder: string, paths: Iterable<string>): Promise<void> {
  await writeFile(join(folder, listName), `${[...paths].join('\n')}\n`);
}

/** What an earlier call of writeRendered left in the folder: path below it, and text. Files of others are not looked at. */
export async function readRendered(folder: string): Promise<ReadonlyMap<string, string>> {
  const texts = new Map<string, string>();
  for (const path of (await listed(folder)) ?? []) {
    const text = await readFile(join(folder, path), 'utf8').catch(() => undefined);
    if (text !== undefined) texts.set(path, text);
  }
  return texts;
}

/** What stands in the folder already; makes it when there is nothing. */
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
 * Writes files into a folder and removes those that an earlier call wrote and that are gone now.
 * @throws IngotError unusable-folder when the folder, or a file in it that would be written, was not written by us; nothing is changed then
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

  // Listed before they are written, so that what a killed call wrote is known to be ours.
  await writeList(folder, new Set([...(before ?? []), ...paths]));
  for (const { path, content } of files) {
    await mkdir(dirname(join(folder, path)), { recursive: true });
    await writeFile(join(folder, path), content);
  }
  for (const gone of (before ?? []).filter((path) => !paths.includes(path)))
    await rm(join(folder, gone), { force: true });
  await writeList(folder, paths);
}
