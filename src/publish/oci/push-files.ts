import pLimit from 'p-limit';
import type { ProgressStage } from '../../host/progress-stage.ts';
import type { Descriptor } from '../../oci/descriptor.ts';
import { type BlobSource, hasBlob, pushBlob } from '../../oci/push-blob.ts';
import { readBlob } from '../../oci/read-blob.ts';
import type { Registry } from '../../oci/registry.ts';

/** Where blobs are pushed to, and in which pieces. */
export interface PushTarget {
  readonly registry: Registry;
  /** Bytes of one request. */
  readonly chunkBytes: number;
}

/** A blob to push, and its name for people. */
export interface BlobToPush {
  readonly blob: Pick<Descriptor, 'mediaType' | 'digest' | 'size'>;
  readonly source: BlobSource;
  readonly name: string;
}

/** Requests at once. A registry hashes what it receives, so more do not make it faster. */
const together = 4;

const mebibytes = (bytes: number): string => (bytes / 1024 ** 2).toFixed(0);

/** Reports how much of some bytes is done. */
function counter(stage: ProgressStage, name: string, size: number): (bytes: number) => void {
  let done = 0;
  let shown = -1;
  return (bytes) => {
    done += bytes;
    const percent = size === 0 ? 100 : Math.floor((done / size) * 20) * 5;
    if (percent === shown) return;
    shown = percent;
    stage.note(`${name}: ${mebibytes(done)} of ${mebibytes(size)} MiB`);
  };
}

/** Each blob once, large ones first, because the last one decides when all are done. */
function unique(blobs: readonly BlobToPush[]): BlobToPush[] {
  const byDigest = new Map(blobs.map((one) => [one.blob.digest, one]));
  return [...byDigest.values()].sort((a, b) => b.blob.size - a.blob.size);
}

/** Runs work for each item, some at once; after the first failure none begins. */
async function each<T>(items: readonly T[], work: (item: T) => Promise<void>): Promise<void> {
  const limit = pLimit(together);
  const failures: unknown[] = [];
  await Promise.all(
    items.map((item) =>
      limit(async () => {
        if (failures.length > 0) return;
        await work(item).catch((error: unknown) => void failures.push(error));
      }),
    ),
  );
  if (failures.length > 0) throw failures[0];
}

/**
 * Pushes the blobs that a registry does not have.
 * @returns bytes that were sent, and bytes that were there
 * @throws IngotError registry-failed, wrong-credentials
 */
export async function pushBlobs(
  { registry, chunkBytes }: PushTarget,
  blobs: readonly BlobToPush[],
  stage: ProgressStage,
): Promise<{ readonly sentBytes: number; readonly presentBytes: number }> {
  let [sentBytes, presentBytes] = [0, 0];
  await each(unique(blobs), async ({ blob, source, name }) => {
    if (await hasBlob(registry, blob)) {
      presentBytes += blob.size;
      stage.note(`${name}: is there`);
      return;
    }
    const onProgress = counter(stage, name, blob.size);
    await pushBlob(registry, blob, source, { chunkBytes, onProgress });
    sentBytes += blob.size;
  });
  return { sentBytes, presentBytes };
}

/**
 * Reads blobs from a registry and compares their digests.
 * @throws IngotError registry-failed if one is missing or has other bytes
 */
export async function readBack(
  registry: Registry,
  blobs: readonly BlobToPush[],
  stage: ProgressStage,
): Promise<void> {
  await each(unique(blobs), async ({ blob, name }) => {
    await readBlob(registry, blob, undefined, counter(stage, name, blob.size));
  });
}
