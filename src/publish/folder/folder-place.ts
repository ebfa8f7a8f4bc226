import { readFile, stat } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { IngotError } from '../../host/ingot-error.ts';
import type { Published, PublishRequest } from '../place.ts';
import { type FilePlace, publishFiles } from '../tree/publish-files.ts';
import { putText, putTreeFile } from './put-tree-file.ts';

const full = new Set(['ENOSPC', 'EDQUOT', 'EFBIG']);

/** Explains an error of the system. */
function explained(folder: string, error: unknown): unknown {
  const { code, message } = error as NodeJS.ErrnoException;
  if (error instanceof IngotError || code === undefined || !/^E[A-Z]+$/.test(code)) return error;
  return new IngotError({
    code: full.has(code) ? 'no-space' : 'unusable-folder',
    message: `${folder} cannot be written: ${message}`,
    hint: full.has(code)
      ? 'make space and publish again: what was published before is unchanged, and complete files are not copied again'
      : 'check the path and its permissions, and publish again: what was published before is unchanged',
    cause: error,
  });
}

/** A folder of this host as a place of files. */
export function folderOfFiles(folder: string, signal: AbortSignal): FilePlace {
  const within = async <T>(work: () => Promise<T>): Promise<T> => {
    try {
      return await work();
    } catch (error) {
      signal.throwIfAborted();
      throw explained(folder, error);
    }
  };
  return {
    address: folder,
    read: (paths) =>
      within(async () => {
        const found = await stat(folder).catch(() => undefined);
        if (found !== undefined && !found.isDirectory())
          throw new IngotError({
            code: 'unusable-folder',
            message: `${folder} is not a folder`,
            hint: 'name a folder, or a path that does not exist yet',
          });
        const texts = new Map<string, string>();
        for (const path of paths) {
          const text = await readFile(join(folder, path), 'utf8').catch((error: unknown) => {
            if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
            throw error;
          });
          if (text !== undefined) texts.set(path, text);
        }
        return texts;
      }),
    send: (files, note) =>
      within(async () => {
        let sentBytes = 0;
        let presentBytes = 0;
        for (const file of files) {
          signal.throwIfAborted();
          note(file.path);
          if (await putTreeFile(folder, file, signal)) sentBytes += file.bytes;
          else presentBytes += file.bytes;
        }
        return { sentBytes, presentBytes };
      }),
    point: (pointers) =>
      within(async () => {
        for (const { path, content } of pointers) await putText(join(folder, path), content);
      }),
  };
}

/** Publishes to a folder that a web server serves, on this host or mounted. */
export function publishToFolder(request: PublishRequest): Promise<Published> {
  return publishFiles(folderOfFiles(resolve(request.cwd, request.to), request.signal), request);
}
