import type { Published, PublishedVersion, PublishRequest } from '../place.ts';
import { type Pointer, pointerNames, pointersOf, requireOwnPointers } from './pointers.ts';
import { type TreeFile, type VersionTree, versionTree } from './version-tree.ts';

/** What was sent of some files. */
export interface SentBytes {
  readonly sentBytes: number;
  readonly presentBytes: number;
}

/** A place that holds files under paths: a folder, an rsync server, a bucket. */
export interface FilePlace {
  /** Its address in messages and results, without a slash at the end. */
  readonly address: string;
  /** Reads small texts; paths that do not exist are not in the answer. */
  read(paths: readonly string[]): Promise<ReadonlyMap<string, string>>;
  /**
   * Brings files into the place, and returns only when every one of them has its digest there. A file that is there with
   * its digest is not sent again.
   */
  send(files: readonly TreeFile[], note: (line: string) => void): Promise<SentBytes>;
  /** Replaces small texts; a reader of one gets the old or the new one as a whole. */
  point(pointers: readonly Pointer[]): Promise<void>;
}

/** Where a version is now. */
const published = (place: FilePlace, { role, version, path }: VersionTree): PublishedVersion => ({
  ...{ role, version },
  address: `${place.address}/${path}`,
});

/**
 * Publishes versions to a place of files: first all files, under names with their digest, then the pointers. A machine
 * that starts in the meantime reads a pointer once and gets all of the old or all of the new version. Nothing that is
 * there is removed.
 * @throws IngotError publish-failed; the pointers are as they were then, unless the place failed while they were written
 */
export async function publishFiles(
  place: FilePlace,
  { versions, progress, signal }: PublishRequest,
): Promise<Published> {
  const trees: VersionTree[] = [];
  for (const version of versions) trees.push(await versionTree(version));
  const pointers = (await Promise.all(trees.map(pointersOf))).flat();
  requireOwnPointers(
    place.address,
    await place.read(trees.flatMap(({ role }) => pointerNames(role))),
    pointers,
  );
  let sentBytes = 0;
  let presentBytes = 0;
  for (const tree of trees) {
    signal.throwIfAborted();
    const sent = await progress.stage(`send ${tree.role} ${tree.version}`, ({ note }) =>
      place.send(tree.files, note),
    );
    sentBytes += sent.sentBytes;
    presentBytes += sent.presentBytes;
  }
  signal.throwIfAborted();
  await place.point(pointers);
  return {
    address: place.address,
    versions: trees.map((tree) => published(place, tree)),
    ...{ sentBytes, presentBytes },
  };
}
