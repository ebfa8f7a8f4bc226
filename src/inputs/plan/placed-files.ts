import { canonicalNodePath } from '../cluster-spec/node-path.ts';
import type { Additions } from '../cluster-spec/schema.ts';
import type { PlacedFile } from './plan.ts';

/**
 * Returns the user's files of one role, sorted by their real paths on the node. If two have the same path, the later
 * one is used.
 * @param contents the text of every `from`; a missing one is an error of the caller
 */
export function placedFiles(
  additions: readonly Additions[],
  contents: ReadonlyMap<string, string>,
): readonly PlacedFile[] {
  const files = new Map<string, PlacedFile>();
  for (const { path, mode, content, from } of additions.flatMap((each) => each.files)) {
    const text = from === undefined ? content : contents.get(from);
    if (text === undefined) throw new Error(`the text of ${from ?? path} was not read`);
    const canonical = canonicalNodePath(path);
    files.set(canonical, { path: canonical, mode, content: text });
  }
  return [...files.values()].sort((a, b) => (a.path < b.path ? -1 : 1));
}
