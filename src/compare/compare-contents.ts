import { readFile, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { Host } from '../host/host.ts';
import { extractPaths } from './extract-paths.ts';
import { firstFileDifference } from './first-difference.ts';
import { textDiff } from './text-diff.ts';
import type { ContentDifference, PathDifference } from './version-difference.ts';

/** Contents are looked into for so many paths. */
const mostPaths = 50;
const largestText = 1 << 20;

/** Whether both sides are files, of other content. */
function contentDiffers({ kind, fields }: PathDifference): boolean {
  const digest = fields.find(({ name }) => name === 'sha256');
  return kind === 'changed' && digest?.stored !== undefined && digest.made !== undefined;
}

/** Looks into the first 50 files that changed, one at a time: no more than one of each root is unpacked. */
export async function compareContents(
  host: Host,
  squashfs: { readonly stored: string; readonly made: string },
  differences: readonly PathDifference[],
  work: string,
): Promise<ReadonlyMap<string, ContentDifference>> {
  const found = new Map<string, ContentDifference>();
  const [stored, made] = [join(work, 'stored'), join(work, 'made')];
  for (const { path } of differences.filter(contentDiffers).slice(0, mostPaths)) {
    try {
      await Promise.all([
        extractPaths(host, squashfs.stored, [path], stored),
        extractPaths(host, squashfs.made, [path], made),
      ]);
      const difference = await compareFiles(path, join(stored, path), join(made, path));
      if (difference !== undefined) found.set(path, difference);
    } finally {
      await Promise.all([stored, made].map((folder) => rm(folder, { recursive: true, force: true })));
    }
  }
  return found;
}

async function compareFiles(
  path: string,
  stored: string,
  made: string,
): Promise<ContentDifference | undefined> {
  const first = await firstFileDifference(stored, made);
  if (first === undefined) return undefined;
  const sizes = await Promise.all([stat(stored), stat(made)]);
  if (sizes.some(({ size }) => size > largestText)) return { first };
  const diff = textDiff(path, await readFile(stored), await readFile(made));
  return { first, ...(diff === undefined ? {} : { textDiff: diff }) };
}
