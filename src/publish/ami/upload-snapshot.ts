import { type FileHandle, open } from 'node:fs/promises';
import type { CompleteSnapshotCommandInput } from '@aws-sdk/client-ebs';
import { inParallel } from '../../host/in-parallel.ts';
import type { ProgressStage } from '../../host/progress-stage.ts';
import {
  blockBytes,
  blockChecksum,
  blocksOutsideHoles,
  linearChecksum,
  readBlock,
  type SparseDisk,
} from './blocks.ts';
import { type LatencyFigures, latencyText } from './latency.ts';
import { blocksPerSecond, Pace } from './pace.ts';
import { type AwsRegion, blocksAtOnce, Interrupted } from './region.ts';
import { findSnapshots } from './snapshots.ts';
import type { UploadState } from './state.ts';

/** An upload of a disk into a snapshot that has been begun. */
export interface SnapshotUpload {
  readonly snapshot: string;
  readonly disk: SparseDisk;
  readonly state: UploadState;
  readonly progress: ProgressStage;
  readonly signal: AbortSignal;
}

/** What was uploaded. */
export interface UploadFigures {
  /** Size of the disk in bytes, and of the blocks of it that hold data. */
  readonly diskBytes: number;
  readonly dataBytes: number;
  /** Blocks with data; how many of them were sent now, and not by an upload that was interrupted. */
  readonly blocks: number;
  readonly sentBlocks: number;
  /** Requests that had to be repeated. */
  readonly repeats: number;
  readonly seconds: number;
  /** The linear SHA-256 of all blocks, Base64. */
  readonly checksum: string;
  readonly latency: LatencyFigures;
}

/** Milliseconds between two lines of progress. */
const noteEveryMs = 1000;

/** Sends the blocks of a disk; many workers share one, and each takes the next block. */
class BlockSender {
  readonly checksums = new Map<number, string>();
  sent = 0;
  repeats = 0;
  readonly #region: AwsRegion;
  readonly #upload: SnapshotUpload;
  readonly #disk: FileHandle;
  readonly #pace: Pace;
  readonly #known: Readonly<Record<string, string>>;
  readonly #began: number;
  /** The blocks that are not sent yet. */
  readonly #waiting: readonly number[];
  #next = 0;
  #noted = 0;

  constructor(region: AwsRegion, upload: SnapshotUpload, disk: FileHandle) {
    this.#region = region;
    this.#upload = upload;
    this.#disk = disk;
    this.#pace = new Pace(region.clock, blocksPerSecond);
    this.#known = { ...upload.state.record?.blocks };
    this.#began = region.clock.now();
    this.#waiting = blocksOutsideHoles(upload.disk);
  }

  /** Takes blocks until there are none left. */
  async work(signal: AbortSignal): Promise<void> {
    const buffer = Buffer.allocUnsafeSlow(blockBytes);
    for (let index = this.#take(); index !== undefined; index = this.#take()) {
      signal.throwIfAborted();
      if (await readBlock(this.#disk, index, buffer)) await this.#block(index, buffer, signal);
      this.#note(index);
    }
  }

  #take(): number | undefined {
    const index = this.#waiting[this.#next];
    this.#next += 1;
    return index;
  }

  async #block(index: number, block: Buffer, signal: AbortSignal): Promise<void> {
    const checksum = await blockChecksum(block);
    this.checksums.set(index, checksum);
    if (this.#known[String(index)] === checksum) return;
    await this.#put(index, block, { checksum, signal });
    this.sent += 1;
    this.#upload.state.hasBlock(index, checksum);
  }

  async #put(
    index: number,
    block: Buffer,
    { checksum, signal }: { readonly checksum: string; readonly signal: AbortSignal },
  ): Promise<void> {
    const { PutSnapshotBlockCommand } = this.#region.sdk.ebs;
    await this.#region.ebs({
      operation: 'PutSnapshotBlock',
      signal,
      turn: (stop) => this.#pace.turn(stop),
      onRetry: ({ name, message }) => {
        this.repeats += 1;
        this.#upload.progress.note(`block ${index} is sent again: ${name}: ${message}`);
      },
      send: async (client, options) => {
        const command = new PutSnapshotBlockCommand({
          SnapshotId: this.#upload.snapshot,
          BlockIndex: index,
          BlockData: block,
          DataLength: blockBytes,
          Checksum: checksum,
          ChecksumAlgorithm: 'SHA256',
        });
        const { Checksum } = await client.send(command, options);
        if (Checksum !== undefined && Checksum !== checksum)
          throw Object.assign(new Error(`AWS answered for other data, whose SHA-256 is ${Checksum}`), {
            name: 'ValidationException',
            Reason: 'INVALID_BLOCK',
          });
      },
    });
  }

  #note(index: number): void {
    const now = this.#region.clock.now();
    if (now - this.#noted < noteEveryMs) return;
    this.#noted = now;
    const all = this.#upload.disk.bytes;
    const rate = (index * blockBytes) / 1e6 / Math.max(0.001, (now - this.#began) / 1000);
    this.#upload.progress.note(
      `${Math.floor((100 * index * blockBytes) / all)} % of ${Math.round(all / 1024 ** 2)} MiB, ${rate.toFixed(0)} MB/s; ${latencyText(this.#region.latency.figures())}`,
    );
  }
}

/**
 * Writes the blocks of a raw disk that hold data into a snapshot and completes it: AWS compares the SHA-256 of each block
 * and that of all. Blocks that the state names are compared with the disk, and not sent again.
 * @throws Interrupted if the same command may continue later; IngotError publish-failed if AWS refuses
 */
export async function uploadSnapshot(region: AwsRegion, upload: SnapshotUpload): Promise<UploadFigures> {
  const { clock } = region;
  const began = clock.now();
  const disk = await open(upload.disk.path, 'r');
  const sender = new BlockSender(region, upload, disk);
  try {
    const workers = Array.from({ length: blocksAtOnce }, () => (signal: AbortSignal) => sender.work(signal));
    await inParallel(upload.signal, workers);
  } finally {
    await disk.close();
    await upload.state.write();
  }
  const checksum = linearChecksum(sender.checksums);
  await completeSnapshot(region, upload, { blocks: sender.checksums.size, checksum });
  return {
    diskBytes: upload.disk.bytes,
    dataBytes: sender.checksums.size * blockBytes,
    blocks: sender.checksums.size,
    sentBlocks: sender.sent,
    repeats: sender.repeats,
    seconds: (clock.now() - began) / 1000,
    checksum,
    latency: region.latency.figures(),
  };
}

/**
 * Tells AWS that all blocks are there; it compares their number and the checksum of all. When the answer to a first try
 * was lost, AWS may refuse the second one, because the snapshot is completed.
 */
async function completeSnapshot(
  region: AwsRegion,
  { snapshot, signal }: SnapshotUpload,
  { blocks, checksum }: { readonly blocks: number; readonly checksum: string },
): Promise<void> {
  const { CompleteSnapshotCommand } = region.sdk.ebs;
  const input: CompleteSnapshotCommandInput = {
    SnapshotId: snapshot,
    ChangedBlocksCount: blocks,
    Checksum: checksum,
    ChecksumAlgorithm: 'SHA256',
    ChecksumAggregationMethod: 'LINEAR',
  };
  try {
    await region.ebs({
      operation: 'CompleteSnapshot',
      signal,
      send: (client, options) => client.send(new CompleteSnapshotCommand(input), options),
    });
  } catch (error) {
    if (signal.aborted || error instanceof Interrupted) throw error;
    const [found] = await findSnapshots(region, { id: snapshot }, signal);
    if (found?.State !== 'completed') throw error;
  }
}
