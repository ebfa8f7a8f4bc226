import type { Stats } from 'node:fs';
import { lstat, readdir } from 'node:fs/promises';
import { IngotError } from '../errors/ingot-error.ts';

export interface TreeEntry {
  /** From the root of the tree: "/", "/etc/hosts". */
  readonly path: string;
  /** Where it lies on the build host. */
  readonly place: string;
  readonly stat: Stats;
}

/**
 * Every path of a tree, the root first, in the bytewise order of whole paths (so "/a-b" comes between "/a" and "/a/c"), links not followed.
 * No more than the folders on the way down is in memory. Throws an IngotError for a name that is not UTF-8.
 */
export async function* walkTree(tree: string): AsyncGenerator<TreeEntry> {
  yield { path: '/', place: tree, stat: await lstat(tree) };
  yield* walkFolder(tree, '');
}

async function* walkFolder(place: string, path: string): AsyncGenerator<TreeEntry> {
  for (const item of await sortedItems(place, path)) {
    if (item.stat === undefined) yield* walkFolder(`${place}/${item.name}`, `${path}/${item.name}`);
    else yield { path: `${path}/${item.name}`, place: `${place}/${item.name}`, stat: item.stat };
  }
}

interface Item {
  readonly name: string;
  readonly key: Buffer;
  /** Missing where the item stands for the content of the folder. */
  readonly stat: Stats | undefined;
}

/** A folder counts twice: as "name", and with its content as "name/". */
async function sortedItems(place: string, path: string): Promise<Item[]> {
  const names = (await readdir(place, { encoding: 'buffer' })).map((bytes) => utf8(bytes, path));
  const stats = await Promise.all(names.map((name) => lstat(`${place}/${name}`)));
  const items = names.flatMap((name, index): Item[] => {
    const stat = stats[index];
    const itself = { name, key: Buffer.from(name), stat };
    return stat?.isDirectory() ? [itself, { name, key: Buffer.from(`${name}/`), stat: undefined }] : [itself];
  });
  return items.sort((a, b) => Buffer.compare(a.key, b.key));
}

function utf8(bytes: Buffer, path: string): string {
  const name = bytes.toString('utf8');
  if (Buffer.from(name, 'utf8').equals(bytes)) return name;
  throw new IngotError({
    code: 'command-failed',
    message: `In ${path}/ of the image there is a name that is not UTF-8: ${bytes.toString('latin1')}.`,
    hint: 'The manifest and its comparison speak UTF-8: rename the file in the package, rootfs or step that makes it.',
  });
}
