import { constants } from 'node:fs';
import { open } from 'node:fs/promises';
import { join } from 'node:path';

/**
 * Where it is noted what ingot took from or changed of what packages and the spec brought, until the tree is finished: then it is
 * /usr/lib/ingot/changes. It is in the root of the tree, which no link of a package can lead elsewhere, and so it goes through the cache.
 */
export const changesFile = '.ingot-changes';

/** Says each line, and notes it in the tree (absolute). */
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
