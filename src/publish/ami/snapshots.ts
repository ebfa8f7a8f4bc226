import type { Snapshot } from '@aws-sdk/client-ec2';
import { IngotError } from '../../host/ingot-error.ts';
import { type AmiRequest, descriptionOf, tagsOf, volumeGiBOf } from './image-facts.ts';
import type { AwsRegion } from './region.ts';

/** Minutes after the last block until AWS gives a snapshot up that is not completed (API reference of StartSnapshot). */
const giveUpMinutes = 60;

/** Begins a snapshot. With the same token and request, AWS answers with the same snapshot. */
export async function startSnapshot(
  region: AwsRegion,
  request: AmiRequest,
  {
    diskBytes,
    token,
    signal,
  }: { readonly diskBytes: number; readonly token: string; readonly signal: AbortSignal },
): Promise<string> {
  const { StartSnapshotCommand } = region.sdk.ebs;
  const { SnapshotId } = await region.ebs({
    operation: 'StartSnapshot',
    signal,
    send: (client, options) =>
      client.send(
        new StartSnapshotCommand({
          VolumeSize: volumeGiBOf(diskBytes),
          Timeout: giveUpMinutes,
          ClientToken: token,
          Description: descriptionOf(request),
          Tags: tagsOf(request, token),
        }),
        options,
      ),
  });
  if (SnapshotId === undefined) throw new Error('StartSnapshot answered without a snapshot');
  return SnapshotId;
}

/** The snapshots of this account with an id, or with a tag; all if none is named. */
export async function findSnapshots(
  region: AwsRegion,
  by: { readonly id: string } | { readonly tag: string; readonly value: string },
  signal: AbortSignal,
): Promise<readonly Snapshot[]> {
  const { DescribeSnapshotsCommand } = region.sdk.ec2;
  const filter =
    'id' in by ? { Name: 'snapshot-id', Values: [by.id] } : { Name: `tag:${by.tag}`, Values: [by.value] };
  // A filter for the id, and not the id itself: a snapshot that is not known yet is then no error.
  const { Snapshots } = await region.ec2({
    operation: 'DescribeSnapshots',
    signal,
    send: (client, options) =>
      client.send(new DescribeSnapshotsCommand({ OwnerIds: ['self'], Filters: [filter] }), options),
  });
  return Snapshots ?? [];
}

/** What a wait shows while it lasts. */
export type Note = (line: string) => void;

/** Pauses between two looks at something that takes minutes. */
export const pollMs = (looks: number): number => Math.min(15_000, 1000 * 1.5 ** looks);

/**
 * Waits until AWS has completed a snapshot, as long as it takes.
 * @throws IngotError publish-failed if it ends in an error
 */
export async function awaitSnapshot(
  region: AwsRegion,
  id: string,
  { signal, note }: { readonly signal: AbortSignal; readonly note: Note },
): Promise<void> {
  for (let looks = 0; ; looks += 1) {
    const [snapshot] = await findSnapshots(region, { id }, signal);
    if (snapshot?.State === 'completed') return;
    if (snapshot?.State === 'error')
      throw new IngotError({
        code: 'publish-failed',
        message: `AWS, ${region.name}: the snapshot ${id} ended in an error`,
        excerpt: [snapshot.StateMessage ?? 'AWS gave no reason'],
        hint: 'run the command again',
      });
    note(`${snapshot?.State ?? 'not known yet'} ${snapshot?.Progress ?? ''}`.trim());
    await region.clock.sleep(pollMs(looks), signal);
  }
}
