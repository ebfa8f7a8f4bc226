import { join } from 'node:path';
import type { CacheEntry } from '../cache/entry.ts';

const mark = 'FOLDER/';

/** JSON of what a stage gave beside its files. Paths in `folder` are told without it, so that they hold wherever the files are brought. */
export function metaOf(value: object, folder = '/nowhere'): CacheEntry['meta'] {
  const text = JSON.stringify(value, (_, one: unknown) =>
    typeof one === 'string' && one.startsWith(`${folder}/`) ? mark + one.slice(folder.length + 1) : one,
  );
  return JSON.parse(text) as CacheEntry['meta'];
}

/** The value of such JSON, its paths in `folder`. It was written by the same code, whose digest is in the stage's key. */
export function valueOf(meta: CacheEntry['meta'], folder = '/nowhere'): unknown {
  return JSON.parse(JSON.stringify(meta), (_, one: unknown) =>
    typeof one === 'string' && one.startsWith(mark) ? join(folder, one.slice(mark.length)) : one,
  );
}
