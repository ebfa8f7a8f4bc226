import { lstatSync, readdirSync, readFileSync, type Stats } from 'node:fs';
import { lstatOrUndefined } from '../../host/below-folder.ts';
import { IngotError } from '../../host/ingot-error.ts';

export interface TreeEntry {
  /** From the root of the tree: "/", "/etc/hosts". */
  readonly path: string;
  /** Its absolute path on the build host. */
  readonly place: string;
  readonly stat: Stats;
}

/**
 * Yields every path of a tree, the root first, in the bytewise order of whole paths (so "/a-b" comes between "/a" and
 * "/a/c"). Links are not followed. Only the folders on the current path are in memory. Reads are synchronous: passing
 * each path to another thread takes four times as long.
 * @throws IngotError command-failed for a name that is not UTF-8, has control characters, or is too long for this host
 */
export function* walkTree(tree: string): Generator<TreeEntry, void> {
  yield { path: '/', place: tree, stat: lstatSync(tree) };
  yield* walkFolder(tree, tree, '');
}

function* walkFolder(tree: string, place: string, path: string): Generator<TreeEntry, void> {
  for (const item of sortedItems(tree, place, path)) {
    if (item.stat === undefined) yield* walkFolder(tree, `${place}/${item.name}`, `${path}/${item.name}`);
    else yield { path: `${path}/${item.name}`, place: `${place}/${item.name}`, stat: item.stat };
  }
}

interface Item {
  readonly name: string;
  readonly key: Buffer;
  /** Missing if the item represents the content of the folder. */
  readonly stat: Stats | undefined;
}

/** A folder has two items: "name" for itself and "name/" for its content. */
function sortedItems(tree: string, place: string, path: string): Item[] {
  const items: Item[] = [];
  for (const bytes of readdirSync(place, { encoding: 'buffer' })) {
    const name = readableName(tree, bytes, path);
    const stat = lstatOrUndefined(`${place}/${name}`, `${path}/${name}`);
    if (stat === undefined) continue;
    items.push({ name, key: bytes, stat });
    if (stat.isDirectory()) items.push({ name, key: Buffer.from(`${name}/`), stat: undefined });
  }
  return items.sort((a, b) => Buffer.compare(a.key, b.key));
}

const control = /[\0-\x1f\x7f]/;

/** The manifest, the listing of a squashfs and the comparison on a node have one path per line, in UTF-8. */
function readableName(tree: string, bytes: Buffer, path: string): string {
  const name = bytes.toString('utf8');
  const isUtf8 = Buffer.from(name, 'utf8').equals(bytes);
  if (isUtf8 && !control.test(name)) return name;
  const what = isUtf8 ? 'has control characters' : 'is not UTF-8';
  const shown = JSON.stringify(bytes.toString('latin1')).slice(1, -1);
  const packages = ownersOf(tree, Buffer.concat([Buffer.from(`${path}/`), bytes]));
  throw new IngotError({
    code: 'wrong-root',
    message: `In ${path}/ of the image there is a name that ${what}: ${shown}${packages === '' ? '' : `, of the package ${packages}`}.`,
    hint: 'The manifest and its comparison use UTF-8, one path per line: rename the file in the package, rootfs or step that creates it, or leave the package out.',
  });
}

/**
 * Finds the packages whose lists (dpkg-query(1), info/*.list) contain a path, in bytes; the lists are in the tree, and
 * may be links.
 */
function ownersOf(tree: string, path: Buffer): string {
  const info = `${tree}/var/lib/dpkg/info`;
  const line = Buffer.concat([Buffer.from('\n'), path, Buffer.from('\n')]);
  try {
    if (
      ['/var', '/var/lib', '/var/lib/dpkg', '/var/lib/dpkg/info'].some(
        (at) => !lstatSync(tree + at).isDirectory(),
      )
    )
      return '';
    return readdirSync(info)
      .filter((name) => name.endsWith('.list') && lstatSync(`${info}/${name}`).isFile())
      .filter((name) => readFileSync(`${info}/${name}`).includes(line))
      .map((name) => name.replace(/(?::[a-z0-9-]+)?\.list$/, ''))
      .join(', ');
  } catch {
    return ''; // the tree has no such lists
  }
}
