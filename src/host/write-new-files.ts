import { access, constants, lstat, mkdir, open, readFile, rm, rmdir, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { IngotError } from './ingot-error.ts';

/** A file to create. */
export interface NewFile {
  /** Relative to the folder, with `/`. */
  readonly path: string;
  readonly content: string | Buffer;
  /** Whether a file with other content may be there already: it is then left as it is. */
  readonly mayExist?: true;
}

/** What writing new files did. */
export interface WrittenFiles {
  /** Absolute paths of the files that were created. */
  readonly written: readonly string[];
  /** Paths, as in NewFile, of the files that were there and were left as they are. */
  readonly kept: readonly string[];
}

const isMissing = (error: unknown): boolean =>
  error instanceof Error && 'code' in error && (error.code === 'ENOENT' || error.code === 'ENOTDIR');

type Found = 'nothing' | 'the same' | 'something else';

/** What is at the path of a file that is to be created. A link counts as something else, wherever it points. */
async function foundAt(path: string, content: string | Buffer): Promise<Found> {
  const found = await lstat(path).catch((error: unknown) => {
    if (isMissing(error)) return undefined;
    throw error;
  });
  if (found === undefined) return 'nothing';
  if (!found.isFile() || found.size !== Buffer.byteLength(content)) return 'something else';
  return (await readFile(path)).equals(Buffer.from(content)) ? 'the same' : 'something else';
}

/** The error for people of an error of the operating system. */
function explained(error: unknown, folder: string): unknown {
  if (error instanceof IngotError) return error;
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  const nothing = `; nothing was left in ${folder}`;
  if (code === 'ENOSPC' || code === 'EDQUOT')
    return new IngotError({
      code: 'no-space',
      message: `there is not enough space for the files${nothing}`,
      hint: 'free some space, or name a folder on another file system',
      cause: error,
    });
  const why = { EACCES: 'may not be written', EPERM: 'may not be written', EROFS: 'is read-only' };
  if (typeof code === 'string' && code in why)
    return new IngotError({
      code: 'unusable-folder',
      message: `${folder} ${why[code as keyof typeof why]}${nothing}`,
      hint: 'name a folder that you may write',
      cause: error,
    });
  if (code === 'EEXIST' || code === 'ENOTDIR')
    return new IngotError({
      code: 'unusable-folder',
      message: `${error instanceof Error ? error.message : ''}${nothing}`,
      hint: 'name another folder',
      cause: error,
    });
  return error;
}

/** Requires that a folder, or the next one above it that exists, may be written. */
async function requireWritable(folder: string): Promise<void> {
  await access(folder, constants.W_OK).catch(async (error: unknown) => {
    if (!isMissing(error) || dirname(folder) === folder) throw explained(error, folder);
    await requireWritable(dirname(folder));
  });
}

/**
 * Requires that a folder can take new files, before anything is written.
 * @param folder absolute; may not exist yet
 * @throws IngotError unusable-folder for a path that is not a folder, and for each file that is there with other content
 */
export async function requireNewFiles(folder: string, files: readonly NewFile[]): Promise<void> {
  const found = await stat(folder).catch((error: unknown) => {
    if (isMissing(error)) return undefined;
    throw error;
  });
  if (found !== undefined && !found.isDirectory())
    throw new IngotError({
      code: 'unusable-folder',
      message: `${folder} is not a folder`,
      hint: 'name a folder, which is created if it does not exist',
    });
  await requireWritable(folder);
  const inTheWay: string[] = [];
  for (const { path, content, mayExist } of files)
    if (mayExist !== true && (await foundAt(join(folder, path), content)) === 'something else')
      inTheWay.push(path);
  if (inTheWay.length > 0)
    throw new IngotError({
      code: 'unusable-folder',
      message: `${folder} has ${inTheWay.join(' and ')} already; nothing was changed`,
      hint: 'name another folder, or move what is there',
    });
}

/** Creates a file that must not exist, with its content on the disk when it returns. */
async function create(path: string, content: string | Buffer, undo: (() => Promise<void>)[]): Promise<void> {
  const file = await open(path, 'wx');
  undo.push(() => rm(path, { force: true }));
  try {
    await file.writeFile(content);
    await file.sync();
  } finally {
    await file.close();
  }
}

/** Creates a folder and those above it. */
async function createFolder(path: string, undo: (() => Promise<void>)[]): Promise<void> {
  const first = await mkdir(path, { recursive: true });
  if (first === undefined) return;
  for (let folder = first; ;) {
    undo.push(() => rmdir(folder));
    if (folder === path) return;
    const below = path.slice(folder.length + 1).split('/')[0] ?? '';
    folder = join(folder, below);
  }
}

/**
 * Creates files in a folder, in their order. Nothing that exists is overwritten, and no link is followed. After a
 * failure everything that was created is removed.
 * @param folder absolute; it is created if it does not exist
 * @throws IngotError unusable-folder, or no-space
 */
export async function writeNewFiles(folder: string, files: readonly NewFile[]): Promise<WrittenFiles> {
  const undo: (() => Promise<void>)[] = [];
  const written: string[] = [];
  const kept: string[] = [];
  try {
    await requireNewFiles(folder, files);
    for (const { path, content, mayExist } of files) {
      const whole = join(folder, path);
      await createFolder(dirname(whole), undo);
      const found = await foundAt(whole, content);
      if (found === 'the same' || (found === 'something else' && mayExist === true)) kept.push(path);
      else {
        await create(whole, content, undo);
        written.push(whole);
      }
    }
    return { written, kept };
  } catch (error) {
    // What others put into a new folder meanwhile keeps that folder.
    for (const step of undo.reverse()) await step().catch(() => undefined);
    throw explained(error, folder);
  }
}
