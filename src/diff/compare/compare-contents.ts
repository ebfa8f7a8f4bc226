import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { lstatBelow, readBelow } from '../../host/below-folder.ts';
import type { Host } from '../../host/host.ts';
import { extractPaths } from './extract-paths.ts';
import { firstFileDifference } from './first-difference.ts';
import { textDiff } from './text-diff.ts';
import type { ContentDifference, PathDifference } from './version-difference.ts';

/** The most paths whose contents are compared. */
const maxPaths = 50;
const largestText = 1 << 20;

/** Whether both sides are files with different content. */
function contentDiffers({ kind, fields }: PathDifference): boolean {
  const digest = fields.find(({ name }) => name === 'sha256');
  return kind === 'changed' && digest?.stored !== undefined && digest.made !== undefined;
}

/**
 * Compares the contents of the first 50 changed files one at a time, so that only one file of each root is unpacked at
 * once.
 */
export async function compareContents(
  host: Host,
  squashfs: { readonly stored: string; readonly made: string },
  differences: readonly PathDifference[],
  work: string,
): Promise<ReadonlyMap<string, ContentDifference>> {
  const found = new Map<string, ContentDifference>();
  const [stored, made] = [join(work, 'stored'), join(work, 'made')];
  for (const { path } of differences.filter(contentDiffers).slice(0, maxPaths)) {
    try {
      await Promise.all([
        extractPaths(host, squashfs.stored, [path], stored),
        extractPaths(host, squashfs.made, [path], made),
      ]);
      const difference = await compareFiles(path, stored, made);
      if (difference !== undefined) found.set(path, difference);
    } finally {
      await Promise.all([stored, made].map((folder) => rm(folder, { recursive: true, force: true })));
    }
  }
  return found;
}

/**
 * Both sides were unpacked from a squashfs that may contain anything, whatever its manifest states. Links in it are not
 * followed on this host.
 */
async function compareFiles(
  path: string,
  storedFolder: string,
  madeFolder: string,
): Promise<ContentDifference | undefined> {
  const [stored, made] = [lstatBelow(storedFolder, path), lstatBelow(madeFolder, path)];
  if (stored?.isFile() !== true || made?.isFile() !== true) return undefined;
  const first = await firstFileDifference(join(storedFolder, path), join(madeFolder, path));
  if (first === undefined) return undefined;
  if (Math.max(stored.size, made.size) > largestText) return { first };
  const [before, after] = await Promise.all(
    [storedFolder, madeFolder].map((folder) => readBelow(folder, path, largestText)),
  );
  const diff = textDiff(path, before ?? Buffer.alloc(0), after ?? Buffer.alloc(0));
  return { first, ...(diff === undefined ? {} : { textDiff: diff }) };
}
