import { createWriteStream } from 'node:fs';
import { link, mkdir, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { finished } from 'node:stream/promises';
import pLimit from 'p-limit';
import { IngotError } from '../../host/ingot-error.ts';
import type { ProgressStage } from '../../host/progress-stage.ts';
import { sha256File } from '../../host/sha256-file.ts';
import { readBlob } from '../../oci/read-blob.ts';
import type { Registry } from '../../oci/registry.ts';
import { signatureName, sumsName } from '../../version/sums.ts';
import type { VerifiedList } from './pulled-documents.ts';
import type { FileLayer } from './version-manifest.ts';

/** Files that are read at once. */
const together = 4;

const fullDisk = new Set(['ENOSPC', 'EDQUOT']);

/** The error for a disk that is full while a version is written to it; other errors as they are. */
export function asNoSpace(error: unknown, folder: string): unknown {
  if (!fullDisk.has((error as NodeJS.ErrnoException).code ?? '')) return error;
  return new IngotError({
    code: 'no-space',
    message: `the disk of ${folder} is full: nothing was added to the store`,
    hint: 'free some space, or pull into another store with --out FOLDER',
    cause: error,
  });
}

/** Writes one file as it arrives. */
async function fetchFile(
  registry: Registry,
  { sha256, size }: FileLayer,
  to: string,
  onProgress: (bytes: number) => void,
): Promise<void> {
  const file = createWriteStream(to, { flags: 'wx', mode: 0o644, highWaterMark: 1 << 20 });
  try {
    await readBlob(registry, { digest: `sha256:${sha256}`, size }, file, onProgress);
    file.end();
    await finished(file);
  } finally {
    file.destroy();
  }
}

/** Takes a file that the store has already; false if it has none with these bytes. */
async function takeExisting(existing: string, { path, sha256 }: FileLayer, to: string): Promise<boolean> {
  try {
    await link(join(existing, path), to);
    if ((await sha256File(to)) === sha256) return true;
  } catch {
    // It is fetched.
  }
  await rm(to, { force: true });
  return false;
}

/**
 * Writes all files of a version into an empty folder, each with the digest of the signed list.
 * @param existing the same version in the store, which may not exist; its files are not fetched again
 * @throws IngotError registry-failed for a file that is missing or has other bytes; errors of the file system
 */
export async function stageVersion(
  registry: Registry,
  list: VerifiedList,
  { folder, existing }: { readonly folder: string; readonly existing: string },
  stage: ProgressStage,
): Promise<void> {
  const limit = pLimit(together);
  const total = list.files.reduce((sum, { size }) => sum + size, 0);
  let [done, shown] = [0, 0];
  const onProgress = (bytes: number): void => {
    done += bytes;
    if (done - shown < total / 20) return;
    shown = done;
    stage.note(`${(done / 1024 ** 2).toFixed(0)} of ${(total / 1024 ** 2).toFixed(0)} MiB`);
  };
  // Files with the same bytes are one file with several names, as in the store that they come from.
  const byDigest = new Map<string, FileLayer[]>();
  for (const file of list.files) byDigest.set(file.sha256, [...(byDigest.get(file.sha256) ?? []), file]);
  for (const { path } of list.files) await mkdir(dirname(join(folder, path)), { recursive: true });
  const failures: unknown[] = [];
  await Promise.all(
    [...byDigest.values()].map((same) =>
      limit(async () => {
        const [first, ...others] = same;
        if (first === undefined || failures.length > 0) return;
        try {
          const to = join(folder, first.path);
          if (!(await takeExisting(existing, first, to))) await fetchFile(registry, first, to, onProgress);
          for (const { path } of others) await link(join(folder, first.path), join(folder, path));
        } catch (error) {
          failures.push(error);
        }
      }),
    ),
  );
  if (failures.length > 0) throw failures[0];
  await writeFile(join(folder, sumsName), list.sums);
  await writeFile(join(folder, signatureName), list.signatures);
  for (const [name, bytes] of list.documents) {
    await mkdir(dirname(join(folder, name)), { recursive: true });
    await writeFile(join(folder, name), bytes, { flag: 'wx' });
  }
}
