import { constants } from 'node:fs';
import { open } from 'node:fs/promises';
import { join } from 'node:path';

/**
 * The file that records what ingot removed from or changed in packages and the spec's files. In the finished tree it
 * becomes /usr/lib/ingot/changes. It is in the root of the tree, where no link of a package can redirect it, and so the
 * cache keeps it too.
 */
export const changesFile = '.ingot-changes';

/** Reports each line, and records it in the tree (absolute). */
export async function recordChanges(
  tree: string,
  lines: readonly string[],
  say: (line: string) => void = () => undefined,
): Promise<void> {
  if (lines.length === 0) return;
  const { O_WRONLY, O_CREAT, O_APPEND, O_NOFOLLOW } = constants;
  const file = await open(join(tree, changesFile), O_WRONLY | O_CREAT | O_APPEND | O_NOFOLLOW, 0o644);
  try {
    await file.write(lines.map((line) => `${line}\n`).join(''));
  } finally {
    await file.close();
  }
  for (const line of lines) say(`ingot: ${line}`);
}
