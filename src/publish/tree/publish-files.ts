import { chooseChannels } from '../channels/choose-channels.ts';
import { channelPath, type ChannelText } from '../channels/store-channels.ts';
import type { Published, PublishedVersion, PublishRequest } from '../place.ts';
import { locatorPath, type Pointer, pointerNames, pointersOf, requireOwnPointers } from './pointers.ts';
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

const isLocator = ({ path }: Pointer): boolean => path.includes('/');

/** The signed texts that a place is to get; what it has is read before anything is sent. */
async function channelsFor(
  place: FilePlace,
  channels: readonly ChannelText[],
  trees: readonly VersionTree[],
  left: (why: string) => void,
): Promise<ChannelText[]> {
  if (channels.length === 0) return [];
  const locators = new Map(
    channels.flatMap(({ names }) =>
      names.map((name) => {
        const [role = '', version = ''] = name.split('/');
        return [name, locatorPath(role, version)] as const;
      }),
    ),
  );
  const texts = await place.read([...channels.map(({ name }) => channelPath(name)), ...locators.values()]);
  const own = new Set(trees.map(({ role, version }) => `${role}/${version}`));
  const has = (name: string): boolean => own.has(name) || texts.has(locators.get(name) ?? '');
  return chooseChannels({ place: place.address, texts, has }, channels, left);
}

/**
 * Publishes versions to a place of files: first all files, under names with their digest, then the pointers. A machine
 * that starts in the meantime reads a pointer once and gets all of the old or all of the new version. Nothing that is
 * there is removed.
 * @throws IngotError publish-failed; the pointers are as they were then, unless the place failed while they were written
 */
export async function publishFiles(
  place: FilePlace,
  { versions, progress, signal, channels = [] }: PublishRequest,
): Promise<Published> {
  const trees: VersionTree[] = [];
  for (const version of versions) trees.push(await versionTree(version));
  const pointers = (await Promise.all(trees.map(pointersOf))).flat();
  const present = await place.read(trees.flatMap(({ role }) => pointerNames(role)));
  requireOwnPointers(place.address, present, pointers);
  const leftChannels: string[] = [];
  const texts = await channelsFor(place, channels, trees, (why) => {
    leftChannels.push(why);
  });
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
  // A pointer of a channel leads to versions by their locators, and names the number of the list of revoked versions.
  await place.point(pointers.filter(isLocator));
  for (const { name, text } of texts) await place.point([{ path: channelPath(name), content: text }]);
  await place.point(pointers.filter((one) => !isLocator(one)));
  return {
    address: place.address,
    versions: trees.map((tree) => published(place, tree)),
    ...{ sentBytes, presentBytes, leftChannels },
    channels: texts.map(({ name }) => name),
  };
}
