import { uploadTag } from './image-facts.ts';
import { imagesOfUpload, snapshotOf } from './images.ts';
import type { AwsRegion } from './region.ts';
import { findSnapshots } from './snapshots.ts';

/** What was removed from an account, and what could not be. */
export interface Removed {
  /** Ids of images and snapshots, with their region: "eu-central-1 ami-…". */
  readonly removed: readonly string[];
  /** One line for each that is left, with the reason. */
  readonly left: readonly string[];
}

const why = (error: unknown): string => (error instanceof Error ? error.message : String(error));

/** Removes one thing; what is gone already counts as removed. */
async function removeOne(remove: () => Promise<unknown>): Promise<string | undefined> {
  try {
    await remove();
    return undefined;
  } catch (error) {
    const cause = (error as { readonly cause?: { readonly name?: string } }).cause?.name ?? '';
    return /NotFound|AMIID\.Unavailable/.test(cause) ? undefined : why(error);
  }
}

async function removeIn(
  region: AwsRegion,
  { token, snapshot }: { readonly token: string; readonly snapshot: string | undefined },
  signal: AbortSignal,
): Promise<Removed> {
  const { DeregisterImageCommand, DeleteSnapshotCommand } = region.sdk.ec2;
  const removed: string[] = [];
  const left: string[] = [];
  const note = (id: string, problem: string | undefined): void => {
    if (problem === undefined) removed.push(`${region.name} ${id}`);
    else left.push(`${region.name} ${id}: ${problem}`);
  };
  const snapshots = new Set<string>(snapshot === undefined ? [] : [snapshot]);
  try {
    // First the images: AWS refuses to delete the snapshot of one that is registered.
    for (const image of await imagesOfUpload(region, token, signal)) {
      const own = snapshotOf(image);
      if (own !== undefined) snapshots.add(own);
      const { ImageId = '' } = image;
      const problem = await removeOne(() =>
        region.ec2({
          operation: 'DeregisterImage',
          signal,
          send: (client, options) => client.send(new DeregisterImageCommand({ ImageId }), options),
        }),
      );
      note(ImageId, problem);
    }
    for (const { SnapshotId } of await findSnapshots(region, { tag: uploadTag, value: token }, signal))
      if (SnapshotId !== undefined) snapshots.add(SnapshotId);
  } catch (error) {
    left.push(`${region.name}: ${why(error)}`);
  }
  for (const SnapshotId of snapshots) {
    const problem = await removeOne(() =>
      region.ec2({
        operation: 'DeleteSnapshot',
        signal,
        send: (client, options) => client.send(new DeleteSnapshotCommand({ SnapshotId }), options),
      }),
    );
    note(SnapshotId, problem);
  }
  return { removed, left };
}

/**
 * Removes everything of an upload from the account: images and snapshots, in every region. They are found by the tag of
 * the upload, so that nothing is missed that a killed process had no time to note.
 * @param upload its token, and the snapshot of the first region, which may have no tag yet
 */
export async function removeUpload(
  regions: readonly AwsRegion[],
  upload: { readonly token: string; readonly snapshot: string | undefined },
  signal: AbortSignal,
): Promise<Removed> {
  const all = await Promise.all(
    regions.map((region, index) =>
      removeIn(region, index === 0 ? upload : { ...upload, snapshot: undefined }, signal),
    ),
  );
  return { removed: all.flatMap(({ removed }) => removed), left: all.flatMap(({ left }) => left) };
}
