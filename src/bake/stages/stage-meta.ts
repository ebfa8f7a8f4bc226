import { join } from 'node:path';
import type { CacheEntry } from '../cache/entry.ts';

const mark = 'FOLDER/';

/**
 * JSON of a stage's output besides its files. Paths in `folder` are stored relative to it, so that they stay valid
 * wherever the files are put.
 */
export function metaOf(value: object, folder = '/nowhere'): CacheEntry['meta'] {
  const text = JSON.stringify(value, (_, one: unknown) =>
    typeof one === 'string' && one.startsWith(`${folder}/`) ? mark + one.slice(folder.length + 1) : one,
  );
  return JSON.parse(text) as CacheEntry['meta'];
}

/**
 * The value of such JSON, with its paths in `folder`. It was written by the same code, because the stage's key includes
 * the digest of the code.
 */
export function valueOf(meta: CacheEntry['meta'], folder = '/nowhere'): unknown {
  return JSON.parse(JSON.stringify(meta), (_, one: unknown) =>
    typeof one === 'string' && one.startsWith(mark) ? join(folder, one.slice(mark.length)) : one,
  );
}
