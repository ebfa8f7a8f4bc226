import { createHash, randomBytes } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { chmod, lstat, mkdir, open, rename, rm } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { IngotError } from '../../host/ingot-error.ts';
import { sha256File } from '../../host/sha256-file.ts';
import type { TreeFile } from '../tree/version-tree.ts';

/** A hidden name next to a path, which no other publication uses. Web servers do not serve hidden names. */
const besides = (path: string): string =>
  join(dirname(path), `.${basename(path)}.${randomBytes(6).toString('hex')}.new`);

/** Creates a folder and its parents. Those that are new can be entered by web servers, whatever the umask is. */
async function makeFolder(folder: string): Promise<void> {
  const first = await mkdir(folder, { recursive: true });
  if (first === undefined) return;
  for (let made = folder; made.length >= first.length; made = dirname(made)) await chmod(made, 0o755);
}

/** Writes a file under a temporary name and moves it into its place when it is whole and on the disk. */
async function writeBesides(
  path: string,
  content: AsyncIterable<Uint8Array>,
  check: () => void,
): Promise<void> {
  await makeFolder(dirname(path));
  const made = besides(path);
  try {
    const file = await open(made, 'wx', 0o644);
    try {
      await file.chmod(0o644);
      for await (const chunk of content) await file.writeFile(chunk);
      check();
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(made, path);
  } finally {
    await rm(made, { force: true });
  }
}

/** Whether a path is a file with these bytes. */
async function has(path: string, { bytes, sha256 }: TreeFile): Promise<boolean> {
  const found = await lstat(path).catch(() => undefined);
  return found?.isFile() === true && found.size === bytes && (await sha256File(path)) === sha256;
}

/**
 * Copies a file of a version into a folder, by rename. One that is there with its digest is not touched; one that was
 * altered is replaced.
 * @returns whether it was copied
 * @throws IngotError damaged-version if the source has changed since the version was verified
 */
export async function putTreeFile(folder: string, file: TreeFile, signal: AbortSignal): Promise<boolean> {
  const path = join(folder, file.path);
  if (await has(path, file)) return false;
  const hash = createHash('sha256');
  async function* content(): AsyncGenerator<Uint8Array, void> {
    for await (const chunk of createReadStream(file.source, { highWaterMark: 1 << 20, signal })) {
      hash.update(chunk as Uint8Array);
      yield chunk as Uint8Array;
    }
  }
  await writeBesides(path, content(), () => {
    if (hash.digest('hex') === file.sha256) return;
    throw new IngotError({
      code: 'damaged-version',
      message: `${file.source} has changed since it was verified; the new version was not published`,
      hint: 'find out what writes to the store, and publish again',
    });
  });
  return true;
}

/** Writes a small text, by rename. */
export async function putText(path: string, text: string): Promise<void> {
  // eslint-disable-next-line @typescript-eslint/require-await -- a stream of one chunk
  async function* content(): AsyncGenerator<Uint8Array, void> {
    yield Buffer.from(text);
  }
  await writeBesides(path, content(), () => undefined);
}
