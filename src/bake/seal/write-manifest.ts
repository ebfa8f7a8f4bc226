import { createHash } from 'node:crypto';
import { open } from 'node:fs/promises';
import { setImmediate as nextTurn } from 'node:timers/promises';
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

/** How long files are read before timers, signals and the other role have their turn. Milliseconds. */
const turnMs = 20;
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
  const [xattrs, setAtBoot] = [await readXattrs(host, tree), await listsSetAtBoot(tree)];
  const digest = createHash('sha256');
  const out = await open(file, 'w', 0o644);
  let text = manifestHeadText(head);
  let paths = 0;
  try {
    let turn = performance.now();
    for (const { entry, ...seen } of describeTree(tree, xattrs, setAtBoot)) {
      if (performance.now() - turn > turnMs) {
        await nextTurn();
        turn = performance.now();
        signal?.throwIfAborted();
      }
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

/** Describes every path in order. */
function* describeTree(
  tree: string,
  xattrs: ReadonlyMap<string, Xattrs>,
  setAtBoot: ReadonlySet<string>,
): Generator<DescribedEntry & FoundSecrets> {
  const reader = new FileReader();
  const firstPaths = new Map<string, string>();
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
    yield { ...describeEntry(found, hardLink, held, reader), accessList };
  }
}
