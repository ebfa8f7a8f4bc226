import { readFile, rm } from 'node:fs/promises';
import { listEntries, type StoredEntry } from './entries.ts';
import { type CachedFile, parseEntry } from './entry.ts';
import { listObjects, type StoredFile } from './objects.ts';

export interface GarbageRequest {
  /** Absolute folder of a cache. */
  readonly folder: string;
  /** The names of the stages of which it may have entries; what is of none of them is left alone. */
  readonly stages: readonly string[];
  /** What entries and objects may take together. */
  readonly maxBytes: number;
  /** Only say what would go. */
  readonly dryRun: boolean;
  /** Milliseconds since 1970. */
  readonly now: number;
}

/** What a collection did, or would do; sizes in bytes. */
export interface Garbage {
  readonly entries: number;
  readonly objects: number;
  readonly freedBytes: number;
  readonly leftBytes: number;
}

/** An object that no entry names may be that of a bake which is just writing its entry. */
const graceMs = 3_600_000;

interface Known extends StoredEntry {
  readonly files: readonly CachedFile[];
}

/** Entries that can be read, and files that are none. */
async function readEntries({
  folder,
  stages,
}: GarbageRequest): Promise<{ known: Known[]; others: StoredEntry[] }> {
  const known: Known[] = [];
  const others: StoredEntry[] = [];
  for (const stored of await listEntries(folder, stages)) {
    const entry = stored.inPlace
      ? parseEntry(await readFile(stored.path, 'utf8').catch(() => ''))
      : undefined;
    if (entry === undefined) others.push(stored);
    else known.push({ ...stored, files: entry.files });
  }
  return { known, others };
}

/** How many bytes some entries take, an object that several name counted once. */
function sizeOf(entries: readonly Known[], objects: ReadonlyMap<string, StoredFile>): number {
  const named = new Set(entries.flatMap(({ files }) => files.map(({ sha256 }) => sha256)));
  const own = entries.reduce((sum, { size }) => sum + size, 0);
  return [...named].reduce((sum, sha256) => sum + (objects.get(sha256)?.size ?? 0), own);
}

/** The entries that stay: the last used ones that fit into the bound together. */
function staying(
  known: readonly Known[],
  objects: ReadonlyMap<string, StoredFile>,
  maxBytes: number,
): Known[] {
  const left = known.toSorted((a, b) => a.usedAt - b.usedAt);
  while (left.length > 0 && sizeOf(left, objects) > maxBytes) left.shift();
  return left;
}

/**
 * Keeps a cache within its bound: takes out the entries that were not used for the longest time, then the objects that no entry names.
 * Bakes may use the cache meanwhile: what they have taken is theirs, and what they find gone they make.
 */
export async function collectGarbage(request: GarbageRequest): Promise<Garbage> {
  const { folder, maxBytes, dryRun, now } = request;
  // Objects first: one that comes later belongs to an entry that is not read here.
  const objects = new Map((await listObjects(folder)).map((file) => [file.name, file]));
  const { known, others } = await readEntries(request);
  const left = staying(known, objects, maxBytes);
  const named = new Set(known.flatMap(({ files }) => files.map(({ sha256 }) => sha256)));
  const stillNamed = new Set(left.flatMap(({ files }) => files.map(({ sha256 }) => sha256)));
  const goneEntries = [
    ...known.filter((entry) => !left.includes(entry)),
    ...others.filter(({ usedAt }) => usedAt < now - graceMs),
  ];
  const goneObjects = [...objects.values()].filter(({ name, changedAt }) =>
    stillNamed.has(name) ? false : named.has(name) || changedAt < now - graceMs,
  );
  if (!dryRun) for (const { path } of [...goneEntries, ...goneObjects]) await rm(path, { force: true });
  const freedBytes = [...goneEntries, ...goneObjects].reduce((sum, { size }) => sum + size, 0);
  const all = [...objects.values(), ...known, ...others].reduce((sum, { size }) => sum + size, 0);
  return {
    entries: goneEntries.length,
    objects: goneObjects.length,
    freedBytes,
    leftBytes: all - freedBytes,
  };
}
