import { canonicalNodePath } from '../cluster-spec/node-path.ts';
import type { Additions } from '../cluster-spec/schema.ts';
import type { PlacedFile } from './plan.ts';

/**
 * The user's files of one role in the order of their paths, each as it really is on the node; of two for one path the later additions win. `contents` holds the text of
 * every `from`; one that is not there is a mistake of the caller.
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
