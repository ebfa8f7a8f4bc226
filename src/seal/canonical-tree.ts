import { chmod, chown, lutimes, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { canonicalKeystore } from './java-keystore.ts';
import { clampShadowDays } from './shadow-days.ts';
import { lstatOrNothing } from './tree-path.ts';
import { walkTree } from './walk-tree.ts';

/**
 * Makes a tree the same for every build of the same input: no time later than `epoch` (seconds since 1970), the days in /etc/shadow and the times
 * in Java's keystore likewise, and the root folder 0755 root:root whatever it was made with. Older times stay, because Python's .pyc files name them.
 */
export async function canonicalTree(tree: string, epoch: number): Promise<void> {
  await chown(tree, 0, 0);
  await chmod(tree, 0o755);
  await rewrite(join(tree, 'etc/shadow'), (bytes) =>
    Buffer.from(clampShadowDays(bytes.toString('latin1'), epoch), 'latin1'),
  );
  await rewrite(
    join(tree, 'etc/ssl/certs/java/cacerts'),
    (bytes) => canonicalKeystore(bytes, epoch) ?? bytes,
  );
  for await (const { place, stat } of walkTree(tree)) {
    if (stat.mtimeMs > epoch * 1000) await lutimes(place, epoch, epoch);
  }
}

/** Writes into the file that is there, so that its mode and owner stay; leaves it alone when nothing changes, or it is missing or a link. */
async function rewrite(file: string, change: (bytes: Buffer) => Buffer): Promise<void> {
  if (!(await lstatOrNothing(file))?.isFile()) return;
  const before = await readFile(file);
  const after = change(before);
  if (!after.equals(before)) await writeFile(file, after, { flag: 'r+' });
}
