import { lstat, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Host } from '../host/host.ts';
import { extractPaths } from './compare/extract-paths.ts';
import { textDiff } from './compare/text-diff.ts';
import type { ConfigurationChange, PathChange } from './image-diff.ts';
import { buildGuest, generated } from './path-changes.ts';

/** The most files whose contents are compared. */
const maxFiles = 200;
const largestText = 1 << 20;
// RFC 7468: differences between certificates mean nothing to people.
const certificate = '-----BEGIN CERTIFICATE-----';

const ofImages = (owner: string): boolean => owner.startsWith('images/');

/**
 * Whether a path is a configuration file: one below /etc, or one that images/ placed. Files that were added or removed
 * with a package are not included here but with the files of that package.
 */
export function isConfiguration({ path, kind, fields, type, owner, also }: PathChange): boolean {
  if (type !== undefined && type !== 'file') return false;
  if (!fields.some(({ name }) => name === 'sha256')) return false;
  const placed = [owner, ...also].some(ofImages);
  const ofPackage = !ofImages(owner) && owner !== buildGuest && owner !== generated;
  return placed || (path.startsWith('/etc/') && (kind === 'changed' || !ofPackage));
}

const isSmall = ({ fields }: PathChange): boolean =>
  fields.every(
    ({ name, before, after }) =>
      name !== 'size' || Math.max(Number(before ?? 0), Number(after ?? 0)) <= largestText,
  );

interface Roots {
  readonly before: string;
  readonly after: string;
}

/**
 * Returns the text diffs of changed and added configuration files. Only these are extracted from the roots. Files that
 * are not world-readable on a node are not shown, because reports are published.
 * @param squashfs absolute paths
 * @param work absolute folder for temporary files, empty
 */
export async function configurationChanges(
  host: Host,
  squashfs: Roots,
  paths: readonly PathChange[],
  work: string,
): Promise<ConfigurationChange[]> {
  const all = paths.filter(isConfiguration);
  const looked = all.filter((one) => one.kind !== 'removed' && isSmall(one)).slice(0, maxFiles);
  const folders = { before: join(work, 'before'), after: join(work, 'after') };
  const changed = looked.filter(({ kind }) => kind === 'changed').map(({ path }) => path);
  await Promise.all([
    changed.length > 0 ? extractPaths(host, squashfs.before, changed, folders.before) : undefined,
    looked.length > 0
      ? extractPaths(
          host,
          squashfs.after,
          looked.map(({ path }) => path),
          folders.after,
        )
      : undefined,
  ]);
  const found: ConfigurationChange[] = [];
  for (const one of all) {
    const { path, kind } = one;
    const content = looked.includes(one) ? await contentOf(one, folders) : noteOf(one);
    found.push({ path, kind, ...content });
  }
  return found;
}

function noteOf(one: PathChange): Pick<ConfigurationChange, 'note'> {
  if (one.kind === 'removed') return {};
  return { note: isSmall(one) ? 'not shown: there are too many' : 'not shown: it is large' };
}

type Content = Pick<ConfigurationChange, 'note' | 'textDiff'>;

async function contentOf({ path, kind }: PathChange, folders: Roots): Promise<Content> {
  const files = [...(kind === 'changed' ? [join(folders.before, path)] : []), join(folders.after, path)];
  for (const file of files) {
    const { mode } = await lstat(file);
    if ((mode & 0o004) === 0) return { note: 'not shown: not everybody may read it' };
  }
  const [before, after] = [
    kind === 'changed' ? await readFile(files[0] ?? '') : Buffer.alloc(0),
    await readFile(files.at(-1) ?? ''),
  ];
  if (before.length + after.length === 0) return { note: 'empty' };
  if (before.includes(certificate) || after.includes(certificate)) return { note: 'not shown: certificates' };
  const diff = textDiff(path, before, after, ['before', 'after']);
  return diff === undefined ? { note: 'not shown: not text, or too little in common' } : { textDiff: diff };
}
