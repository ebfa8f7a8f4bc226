import { createHash } from 'node:crypto';
import type { Account, DoubleSnapshot } from './account.ts';
import { quotas, type RateLimits } from './limits.ts';
import type { Shape } from './model.ts';
import { Refusal } from './refusal.ts';

export const blockSize = 524_288;

/** What an operation of the EBS direct APIs works with. */
export interface EbsContext {
  readonly account: Account;
  readonly limits: RateLimits;
  readonly region: string;
  readonly now: number;
  /** How long a new snapshot is unknown, and a completed one pending, in milliseconds. */
  readonly unknownMs: number;
  readonly settleMs: number;
  /** Stores other data than it says. */
  readonly storesWrong: boolean;
}

const sha256 = (data: Buffer): string => createHash('sha256').update(data).digest('base64');

const validation = (message: string, reason: string): Refusal =>
  new Refusal('ValidationException', message, { reason });

function snapshotOf({ account, region, now }: EbsContext, id: unknown): DoubleSnapshot {
  const found = account.snapshots.get(String(id));
  if (found?.region === region && found.knownFrom <= now) return found;
  throw new Refusal('ResourceNotFoundException', `The snapshot '${String(id)}' does not exist.`, {
    reason: 'SNAPSHOT_NOT_FOUND',
  });
}

function tagsOf(input: Shape): Map<string, string> {
  const tags = (input['Tags'] ?? []) as readonly { readonly Key?: string; readonly Value?: string }[];
  if (tags.length > 50) throw validation('A resource can have 50 tags.', 'INVALID_TAG');
  for (const { Key = '', Value = '' } of tags)
    if (Key === '' || Key.length > 127 || Value.length > 255 || Key.startsWith('aws:'))
      throw validation(`The tag ${Key} is not valid.`, 'INVALID_TAG');
  return new Map(tags.map(({ Key = '', Value = '' }) => [Key, Value]));
}

function startSnapshot(context: EbsContext, input: Shape): Shape {
  const { account, limits, region, now } = context;
  limits.require('start', now, quotas.startsPerSecond, 'ACCOUNT_THROTTLED');
  const { VolumeSize, ClientToken, Description = '', Timeout = 60 } = input;
  const token = ClientToken as string | undefined;
  if (token !== undefined && !/^\S{1,255}$/.test(token))
    throw validation('ClientToken is not valid.', 'INVALID_PARAMETER_VALUE');
  const volumeGiB = Number(VolumeSize);
  if (volumeGiB < 1 || volumeGiB > 16_384)
    throw validation('VolumeSize is not valid.', 'INVALID_VOLUME_SIZE');
  if (Number(Timeout) < 10 || Number(Timeout) > 4320)
    throw validation('Timeout is not valid.', 'INVALID_PARAMETER_VALUE');
  if (String(Description).length > 255)
    throw validation('Description is too long.', 'INVALID_PARAMETER_VALUE');
  const all = [...account.snapshots.values()].filter((one) => one.region === region);
  let snapshot = all.find((one) => token !== undefined && one.clientToken === token);
  if (snapshot !== undefined && snapshot.volumeGiB !== volumeGiB)
    throw new Refusal('ConflictException', 'You have used the same ClientToken with other parameters.');
  if (snapshot === undefined) {
    if (all.filter(({ state }) => state === 'pending').length >= quotas.pendingSnapshots)
      throw new Refusal(
        'ServiceQuotaExceededException',
        'You have reached the maximum of pending snapshots.',
        {
          reason: 'DEPENDENCY_SERVICE_QUOTA_EXCEEDED',
        },
      );
    snapshot = {
      ...{ id: account.id('snap'), region, volumeGiB, description: String(Description) },
      ...{ tags: tagsOf(input), state: 'pending', knownFrom: now + context.unknownMs },
      ...{ completeFrom: undefined, clientToken: token, blocks: new Map(), sharedWith: new Set() },
    };
    account.snapshots.set(snapshot.id, snapshot);
  }
  return {
    ...{ SnapshotId: snapshot.id, OwnerId: '111111111111', Status: 'pending', StartTime: new Date(now) },
    ...{ VolumeSize: volumeGiB, BlockSize: blockSize, Description: snapshot.description },
    Tags: [...snapshot.tags].map(([Key, Value]) => ({ Key, Value })),
  };
}

function putSnapshotBlock(context: EbsContext, input: Shape, data: Buffer): Shape {
  const { limits, now } = context;
  const snapshot = snapshotOf(context, input['SnapshotId']);
  limits.require(`put ${snapshot.id}`, now, quotas.putsPerSnapshot, 'RESOURCE_LEVEL_THROTTLE');
  limits.require('put', now, quotas.putsPerAccount, 'ACCOUNT_THROTTLED');
  if (snapshot.state !== 'pending' || snapshot.completeFrom !== undefined)
    throw validation('The snapshot is not pending.', 'INVALID_SNAPSHOT_ID');
  const index = Number(input['BlockIndex']);
  if (index < 0 || index >= (snapshot.volumeGiB * 1024 ** 3) / blockSize)
    throw validation('The block index is beyond the volume.', 'INVALID_PARAMETER_VALUE');
  if (input['DataLength'] !== blockSize || data.length !== blockSize)
    throw validation('A block has 524288 bytes.', 'INVALID_BLOCK');
  if (input['ChecksumAlgorithm'] !== 'SHA256')
    throw validation('ChecksumAlgorithm is not valid.', 'INVALID_PARAMETER_VALUE');
  const checksum = sha256(data);
  if (checksum !== input['Checksum'])
    throw validation('The checksum does not match that of the data.', 'INVALID_BLOCK');
  snapshot.blocks.set(index, context.storesWrong ? sha256(Buffer.from('other data')) : checksum);
  return { Checksum: checksum, ChecksumAlgorithm: 'SHA256' };
}

/** The checksum of all blocks by the method LINEAR. */
export function linearOf({ blocks }: Pick<DoubleSnapshot, 'blocks'>): string {
  const digests = [...blocks]
    .sort(([one], [other]) => one - other)
    .map(([, text]) => Buffer.from(text, 'base64'));
  return sha256(Buffer.concat(digests));
}

function completeSnapshot(context: EbsContext, input: Shape): Shape {
  const { limits, now } = context;
  limits.require('complete', now, quotas.completesPerSecond, 'ACCOUNT_THROTTLED');
  const snapshot = snapshotOf(context, input['SnapshotId']);
  // What the real service answers the second time is not documented: a client may not rely on more than this.
  if (snapshot.state !== 'pending') throw validation('The snapshot is not pending.', 'INVALID_SNAPSHOT_ID');
  if (input['ChangedBlocksCount'] !== snapshot.blocks.size)
    throw validation('The number of changed blocks is another.', 'INVALID_PARAMETER_VALUE');
  if (input['Checksum'] !== undefined) {
    if (input['ChecksumAlgorithm'] !== 'SHA256' || input['ChecksumAggregationMethod'] !== 'LINEAR')
      throw validation('The checksum needs its algorithm and method.', 'INVALID_PARAMETER_VALUE');
    if (input['Checksum'] !== linearOf(snapshot))
      throw validation('The checksum of all blocks does not match.', 'INVALID_PARAMETER_VALUE');
  }
  snapshot.completeFrom ??= now + context.settleMs;
  return { Status: 'pending' };
}

/** Answers one operation. @throws Refusal */
export function answerEbs(context: EbsContext, operation: string, input: Shape, data: Buffer): Shape {
  switch (operation) {
    case 'StartSnapshot':
      return startSnapshot(context, input);
    case 'PutSnapshotBlock':
      return putSnapshotBlock(context, input, data);
    case 'CompleteSnapshot':
      return completeSnapshot(context, input);
    default:
      throw new Refusal('AccessDeniedException', `nothing here may call ${operation}`);
  }
}
