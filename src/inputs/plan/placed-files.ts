import { canonicalNodePath } from '../cluster-spec/node-path.ts';
import type { Additions } from '../cluster-spec/schema.ts';
import type { BinaryFile, PlacedFile } from './plan.ts';

/** A file of a folder that the spec names, or the only file if it names one that is not text. */
export interface FolderFile {
  /** Its path below the folder, separated by "/"; empty for a file that the spec names itself. */
  readonly below: string;
  readonly executable: boolean;
  readonly content: string | BinaryFile;
}

export interface FolderFiles {
  readonly isFolder: boolean;
  /** Sorted by path. */
  readonly files: readonly FolderFile[];
}

type FileOfSpec = Additions['files'][number];

/** The mode that the schema gives to a file without one. */
const defaultMode = '0644';

/** Describes the bytes of a file for people, in place of its text. */
function describeBinary({ sha256, size }: BinaryFile): string {
  return `(${size} bytes that are not text, SHA-256 ${sha256})\n`;
}

/**
 * Returns the paths and modes on the node of one entry of `files`. In a folder, a file is 0755 if it is executable; a
 * mode other than the default counts for all of its files.
 */
export function pathsOfFile(
  { path, from, mode }: FileOfSpec,
  trees: ReadonlyMap<string, FolderFiles> = new Map(),
): { readonly path: string; readonly mode: string; readonly file?: FolderFile }[] {
  const tree = from === undefined ? undefined : trees.get(from);
  if (tree === undefined) return [{ path, mode }];
  return tree.files.map((file) => ({
    path: tree.isFolder ? `${path}/${file.below}` : path,
    mode: tree.isFolder && mode === defaultMode && file.executable ? '0755' : mode,
    file,
  }));
}

function placed(path: string, mode: string, content: string | BinaryFile): PlacedFile {
  return typeof content === 'string'
    ? { path, mode, content }
    : { path, mode, content: describeBinary(content), binary: content };
}

/**
 * Returns the user's files of one role, sorted by their real paths on the node. If two have the same path, the later
 * one is used.
 * @param contents the text of every `from`; a missing one is an error of the caller
 * @param trees the folders and binary files among them
 */
export function placedFiles(
  additions: readonly Additions[],
  contents: ReadonlyMap<string, string>,
  trees?: ReadonlyMap<string, FolderFiles>,
): readonly PlacedFile[] {
  const files = new Map<string, PlacedFile>();
  for (const one of additions.flatMap((each) => each.files))
    for (const { path, mode, file } of pathsOfFile(one, trees)) {
      const { from, content } = one;
      const text = file?.content ?? (from === undefined ? content : contents.get(from));
      if (text === undefined) throw new Error(`the text of ${from ?? path} was not read`);
      const canonical = canonicalNodePath(path);
      files.set(canonical, placed(canonical, mode, text));
    }
  return [...files.values()].sort((a, b) => (a.path < b.path ? -1 : 1));
}
