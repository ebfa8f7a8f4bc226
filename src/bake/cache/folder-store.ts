import type { CacheStore } from './cache-store.ts';
import { dropEntry, latestEntry, readEntry, touchEntry, writeEntry } from './entries.ts';
import { addObject, dropObject, fetchObject, hasObject } from './objects.ts';

/**
 * A cache in a folder, which several bakes and gc may use at the same time.
 * @param folder absolute
 * @param now milliseconds since 1970
 */
export function folderStore(folder: string, now: () => number): CacheStore {
  return {
    title: folder,
    get: (stage, key) => readEntry(folder, stage, key),
    latest: (stage, role) => latestEntry(folder, stage, role),
    has: (file) => hasObject(folder, file),
    fetch: (file, to, how) => fetchObject(folder, file, to, how),
    put: async (entry, files, how) => {
      for (const { name, sha256 } of entry.files) {
        const from = files.get(name);
        if (from === undefined) throw new Error(`no file was given for ${name}`);
        await addObject(folder, from, sha256, how);
      }
      await writeEntry(folder, entry);
    },
    used: ({ name, key }) => touchEntry(folder, { stage: name, key }, now()),
    drop: async (entry, { sha256 }) => {
      await dropEntry(folder, entry);
      await dropObject(folder, sha256);
    },
  };
}

/** A foreign cache that is only read. */
export function readOnlyStore(folder: string): CacheStore {
  const nothing = () => Promise.resolve();
  return { ...folderStore(folder, () => 0), put: nothing, used: nothing, drop: nothing };
}
