import { chmodSync, chownSync, lutimesSync } from 'node:fs';
import { openBelow } from '../../host/below-folder.ts';
import { IngotError } from '../../host/ingot-error.ts';
import { canonicalKeystore } from './java-keystore.ts';
import { clampShadowDays } from './shadow-days.ts';
import { walkTree } from './walk-tree.ts';

/** The files that are rewritten have at most some hundred KiB. */
const largest = 64 << 20;

/**
 * Makes a tree identical for every build of the same input: no time is later than `epoch` (seconds since 1970),
 * including the days in /etc/shadow and the times in Java's keystore, and the root folder is always 0755 root:root.
 * Older times are kept, because Python's .pyc files refer to them.
 * @throws IngotError command-failed when one of the two files, or a folder above it, is a link
 */
export async function canonicalTree(tree: string, epoch: number): Promise<void> {
  chownSync(tree, 0, 0);
  chmodSync(tree, 0o755);
  await rewrite(tree, '/etc/shadow', (bytes) =>
    Buffer.from(clampShadowDays(bytes.toString('latin1'), epoch), 'latin1'),
  );
  await rewrite(tree, '/etc/ssl/certs/java/cacerts', (bytes) => canonicalKeystore(bytes, epoch) ?? bytes);
  for (const { place, stat } of walkTree(tree)) {
    if (stat.mtimeMs > epoch * 1000) lutimesSync(place, epoch, epoch);
    // A squashfs cannot store a time before 1970.
    else if (stat.mtimeMs < 0) lutimesSync(place, 0, 0);
  }
}

/**
 * Rewrites an existing file in place, so that its mode and owner stay; does nothing if the content stays the same or
 * the file is missing.
 */
async function rewrite(tree: string, path: string, change: (bytes: Buffer) => Buffer): Promise<void> {
  const file = await openBelow(tree, path, 'write');
  if (file === undefined) return;
  try {
    if ((await file.stat()).size > largest)
      throw new IngotError({
        code: 'wrong-root',
        message: `${path} of the image is larger than ${largest} bytes`,
      });
    const before = await file.readFile();
    const after = change(before);
    if (after.equals(before)) return;
    await file.write(after, 0, after.length, 0);
    await file.truncate(after.length);
  } finally {
    await file.close();
  }
}
