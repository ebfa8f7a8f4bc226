import type { Stats } from 'node:fs';
import { lstat, readdir, readFile, stat } from 'node:fs/promises';
import { basename, join, resolve } from 'node:path';
import { IngotError } from '../host/ingot-error.ts';
import { sha256File } from '../host/sha256-file.ts';
import type { LoadedSpec } from './load-spec.ts';
import type { FolderFile, FolderFiles } from './plan/placed-files.ts';

/** The files that a spec puts onto nodes, under their names in `from`. */
interface PlacedContents {
  readonly texts: ReadonlyMap<string, string>;
  /** Folders, and files that are not UTF-8 text or are large. */
  readonly trees: ReadonlyMap<string, FolderFiles>;
}

/** A larger file is copied from its place instead of being part of the plan. */
const largestText = 4 * 1024 * 1024;

/** Collects what is wrong with files: "NAME is …". */
type Wrong = (name: string, why: string) => void;

async function contentOf(path: string, size: number): Promise<FolderFile['content']> {
  if (size > largestText) return { from: path, sha256: await sha256File(path), size };
  const bytes = await readFile(path);
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return { from: path, sha256: await sha256File(path), size: bytes.length };
  }
}

/** Explains why a file of a folder cannot be on a node as it is; undefined if it can. */
export function whyNotPlaced(found: Stats): string | undefined {
  if (found.isFile()) {
    const privileges = [
      ...((found.mode & 0o4000) === 0 ? [] : ['set-user-id']),
      ...((found.mode & 0o2000) === 0 ? [] : ['set-group-id']),
    ];
    return privileges.length === 0 ? undefined : `has ${privileges.join(' and ')}`;
  }
  return found.isSymbolicLink() ? 'is a link' : 'is neither a file nor a folder';
}

async function folderFiles(folder: string, name: string, wrong: Wrong): Promise<FolderFile[]> {
  const files: FolderFile[] = [];
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  for (const entry of entries) {
    if (entry.isDirectory()) continue;
    const path = join(entry.parentPath, entry.name);
    const below = path.slice(folder.length + 1);
    const found = await lstat(path);
    const why = whyNotPlaced(found);
    if (why === undefined)
      files.push({
        below,
        executable: (found.mode & 0o111) !== 0,
        content: await contentOf(path, found.size),
      });
    else wrong(`${name}/${below}`, `${why}; a folder in files may have only plain files`);
  }
  if (entries.every((entry) => entry.isDirectory())) wrong(name, 'is a folder without files');
  return files.sort((a, b) => (a.below < b.below ? -1 : 1));
}

const reasons: Readonly<Record<string, string>> = {
  ENOENT: 'does not exist',
  EACCES: 'may not be read',
  ENOTDIR: 'is below something that is not a folder',
};

function reason(error: unknown): string {
  const { code = '', message } = error as NodeJS.ErrnoException;
  return reasons[code] ?? `cannot be read: ${message}`;
}

/**
 * Reads the files and folders that the sections common, master and slave of a spec name with `from`.
 * @param names as written in the spec, relative to its folder
 * @throws IngotError wrong-spec that names every file that is missing, unreadable, or no plain file
 */
export async function loadPlacedFiles(spec: LoadedSpec, names: readonly string[]): Promise<PlacedContents> {
  const [texts, trees] = [new Map<string, string>(), new Map<string, FolderFiles>()];
  const lines: string[] = [];
  const wrong: Wrong = (name, why) => lines.push(`${name} ${why}`);
  for (const name of names) {
    const path = resolve(spec.folder, name);
    try {
      const found = await stat(path);
      if (found.isDirectory()) {
        trees.set(name, { isFolder: true, files: await folderFiles(path, name.replace(/\/+$/, ''), wrong) });
        continue;
      }
      if (!found.isFile()) {
        wrong(name, 'is neither a file nor a folder');
        continue;
      }
      const content = await contentOf(path, found.size);
      if (typeof content === 'string') texts.set(name, content);
      else trees.set(name, { isFolder: false, files: [{ below: '', executable: false, content }] });
    } catch (error) {
      wrong(name, reason(error));
    }
  }
  if (lines.length > 0)
    throw new IngotError({
      code: 'wrong-spec',
      message: [
        `${basename(spec.fileName)} names files that cannot be used:`,
        ...lines.map((line) => `  ${line}`),
      ].join('\n'),
      hint: `Relative paths begin at ${spec.folder}. Links and empty folders can be in a layer: docs/layers.md.`,
    });
  return { texts, trees };
}
