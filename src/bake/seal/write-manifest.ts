import { createHash } from 'node:crypto';
import { open } from 'node:fs/promises';
import type { Host } from '../../host/host.ts';
import {
  type ManifestEntry,
  type ManifestHead,
  manifestHeadText,
  manifestTail,
} from '../../version/manifest.ts';
import { accessListFault } from './access-lists.ts';
import { FileReader } from './file-reader.ts';
import { type DescribedEntry, describeEntry } from './manifest-entry.ts';
import type { FoundSecrets } from './root-audit.ts';
import { listsSetAtBoot } from './tree-lists.ts';
import { walkTree } from './walk-tree.ts';
import { readXattrs, type Xattrs } from './xattrs.ts';

/** Number of files that are read in parallel; also the number of entries that wait in memory. */
const width = 8;
const flushAt = 64 * 1024;

export interface WrittenManifest {
  readonly sha256: string;
  /** Number of paths, including the root. */
  readonly paths: number;
}

export interface ManifestOptions {
  readonly head: ManifestHead;
  /** Absolute path of the file to write. */
  readonly file: string;
  /** Called for every path as it is written, with what was found in it. */
  readonly see?: (entry: ManifestEntry, seen: FoundSecrets) => void;
  readonly signal?: AbortSignal;
}

/**
 * Writes the manifest of a tree to a file: canonical JSON, one path per line, sorted bytewise. The tree is read in one
 * pass. Memory does not grow with its size, except for one path per file with several names.
 */
export async function writeManifest(
  host: Host,
  tree: string,
  { head, file, see, signal }: ManifestOptions,
): Promise<WrittenManifest> {
  const xattrs = await readXattrs(host, tree);
  const digest = createHash('sha256');
  const out = await open(file, 'w', 0o644);
  let text = manifestHeadText(head);
  let paths = 0;
  try {
    for await (const { entry, ...seen } of describeTree(tree, xattrs)) {
      signal?.throwIfAborted();
      see?.(entry, seen);
      text += (paths === 0 ? '' : ',\n') + JSON.stringify(entry);
      paths += 1;
      if (text.length < flushAt) continue;
      digest.update(text);
      await out.writeFile(text);
      text = '';
    }
    text += manifestTail;
    digest.update(text);
    await out.writeFile(text);
  } finally {
    await out.close();
  }
  return { sha256: digest.digest('hex'), paths };
}

/** Describes every path in order, and reads a few ahead. */
async function* describeTree(
  tree: string,
  xattrs: ReadonlyMap<string, Xattrs>,
): AsyncGenerator<DescribedEntry & FoundSecrets> {
  const reader = new FileReader();
  const setAtBoot = await listsSetAtBoot(tree);
  const firstPaths = new Map<string, string>();
  const ahead: Promise<DescribedEntry & FoundSecrets>[] = [];
  for (const found of walkTree(tree)) {
    const inode = `${found.stat.dev}:${found.stat.ino}`;
    const several = found.stat.nlink > 1 && !found.stat.isDirectory();
    const hardLink = several ? firstPaths.get(inode) : undefined;
    if (several && hardLink === undefined) firstPaths.set(inode, found.path);
    const all = xattrs.get(found.place);
    // A squashfs cannot store access-control lists, so the manifest has none.
    const held =
      all === undefined ? undefined : new Map([...all].filter(([name]) => !name.startsWith('system.')));
    const accessList = all && accessListFault(found.path, found.stat.mode, all, setAtBoot);
    const description = describeEntry(found, hardLink, held, reader).then((entry) => ({
      ...entry,
      accessList,
    }));
    description.catch(() => undefined); // awaited below, perhaps after another one failed
    ahead.push(description);
    const next = ahead.length >= width ? ahead.shift() : undefined;
    if (next !== undefined) yield await next;
  }
  for (const description of ahead) yield await description;
}
