import { stat } from 'node:fs/promises';
import { dirname } from 'node:path';

/**
 * The folders on the way to a path, including the path itself, that accounts other than root cannot enter (x for all).
 */
export async function closedToOthers(path: string): Promise<readonly string[]> {
  const { mode } = await stat(path);
  const closed = (mode & 0o001) === 0 ? [path] : [];
  return path === '/' ? closed : [...(await closedToOthers(dirname(path))), ...closed];
}
