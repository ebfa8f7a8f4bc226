import { createHash } from 'node:crypto';
import { mkdtemp, open, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { afterEach } from 'vitest';
import type { ProgressStage } from '../../../src/host/progress-stage.ts';
import { defaultLimits, type Limits } from '../../../src/publish/ami/attempts.ts';
import { blockBytes, type SparseDisk } from '../../../src/publish/ami/blocks.ts';
import type { Clock } from '../../../src/publish/ami/clock.ts';
import type { AmiRequest } from '../../../src/publish/ami/image-facts.ts';
import { discardUpload, publishAmi } from '../../../src/publish/ami/publish-ami.ts';
import type { AwsAccess } from '../../../src/publish/ami/region.ts';
import { loadAwsSdk } from '../../../src/publish/ami/sdk.ts';
import { AwsDouble, type DoubleOptions } from '../../doubles/aws/aws-double.ts';

const sdk = loadAwsSdk(process.env);

/** Waits take no longer than some milliseconds; the time is that of this machine. */
export const hurriedClock: Clock = {
  now: () => Date.now(),
  sleep: async (milliseconds, signal) => {
    await wait(Math.min(5, milliseconds), undefined, { signal }).catch(() => {
      signal.throwIfAborted();
    });
  },
  random: () => 0.5,
};

const shortLimits: Limits = {
  ...defaultLimits,
  attemptMs: 30_000,
  operationMs: 120_000,
  unknownSnapshotMs: 60_000,
};

export const access = (limits: Partial<Limits> = {}): AwsAccess => ({
  ...{ sdk, clock: hurriedClock },
  limits: { ...shortLimits, ...limits },
});

const opened: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const close of opened.splice(0)) await close();
});

/** Starts a double, which the SDK of this process uses until the end of the test. */
export async function startDouble(options: DoubleOptions = {}): Promise<AwsDouble> {
  const double = await AwsDouble.start(options);
  opened.push(() => double.close());
  useDouble(double);
  return double;
}

/** Has the SDK of this process use a double, with its first key. */
export function useDouble(double: AwsDouble): void {
  delete process.env['AWS_SESSION_TOKEN'];
  Object.assign(process.env, double.env);
}

/** A new folder, which is removed at the end of the test. */
export async function newFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'ingot-ami-'));
  opened.push(() => rm(folder, { recursive: true, force: true }));
  return folder;
}

/** The content of a block of a test's disk. */
export function blockOf(index: number): Buffer {
  const block = Buffer.alloc(blockBytes);
  block.write(`block ${index}`);
  block.write('end', blockBytes - 3);
  return block;
}

export const checksumOf = (block: Buffer): string => createHash('sha256').update(block).digest('base64');

/** Writes a sparse disk in which only these blocks hold data. */
export async function makeDisk(blocks: readonly number[], bytes = 64 * 1024 ** 2): Promise<SparseDisk> {
  const path = join(await newFolder(), 'disk.raw');
  const file = await open(path, 'wx');
  for (const index of blocks) await file.write(blockOf(index), 0, blockBytes, index * blockBytes);
  await file.truncate(bytes);
  await file.close();
  return { path, bytes, data: blocks.map((index) => ({ start: index * blockBytes, length: blockBytes })) };
}

export const request = (more: Partial<AmiRequest> = {}): AmiRequest => ({
  ...{ role: 'slave', version: '20261128-34df6ba5d428', rootHash: 'ab'.repeat(32) },
  ...{ name: 'ingot-slave-20261128-34df6ba5d428', region: 'eu-central-1', copyTo: [], tags: {}, share: [] },
  ...{
    copyWithinMinutes: undefined,
    deprecateAfterSeconds: undefined,
    attestable: false,
    uefiData: undefined,
  },
  ...more,
});

const silent: ProgressStage = {
  note: () => undefined,
  stage: (_, work) => work(silent),
  begin: () => ({ ...silent, end: () => undefined }),
};

/** One image that a test publishes, perhaps several times. */
export class AmiLab {
  readonly stateFolder: string;
  readonly disk: SparseDisk;
  readonly notes: string[] = [];

  constructor(stateFolder: string, disk: SparseDisk) {
    this.stateFolder = stateFolder;
    this.disk = disk;
  }

  static async open(blocks: readonly number[] = [0, 1, 2, 40, 127]): Promise<AmiLab> {
    return new AmiLab(join(await newFolder(), 'states'), await makeDisk(blocks));
  }

  publish(
    more: Partial<AmiRequest> = {},
    limits: Partial<Limits> = {},
    signal = new AbortController().signal,
  ) {
    const progress: ProgressStage = {
      ...silent,
      note: (line) => void this.notes.push(line),
      stage: (_, work) => work(progress),
    };
    return publishAmi(access(limits), {
      ...{ request: request(more), stateFolder: this.stateFolder, progress, signal },
      withDisk: (_, work) => work(this.disk),
    });
  }

  /** Removes what an interrupted upload has left. */
  discard(more: Partial<AmiRequest> = {}): Promise<readonly string[]> {
    const { signal } = new AbortController();
    return discardUpload(access(), { request: request(more), stateFolder: this.stateFolder, signal });
  }

  /** The states of uploads that did not end. */
  async states(): Promise<readonly string[]> {
    return readdir(this.stateFolder).catch(() => []);
  }
}
