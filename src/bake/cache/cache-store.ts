import type { Role } from '../../inputs/plan/plan.ts';
import type { CachedFile, CacheEntry } from './entry.ts';
import type { KeyedStage } from './keyed-stage.ts';
import type { Placement } from './objects.ts';

/** Where stages are kept: a folder, or what else has entries by key and objects by digest. */
export interface CacheStore {
  /** What people read, e.g. the folder's path. */
  readonly title: string;
  /** The entry with this key; undefined if there is none. */
  get(stage: string, key: string): Promise<CacheEntry | undefined>;
  /** The entry of a stage and role that was used last, of whatever key. */
  latest(stage: string, role: Role | null): Promise<CacheEntry | undefined>;
  /** Whether the object is there with its size. */
  has(file: CachedFile): Promise<boolean>;
  /** Brings an object to a path that is not there yet; false if there is no such object. */
  fetch(file: CachedFile, to: string, how: Placement): Promise<boolean>;
  /** Takes in the objects of an entry (name → where the file is), then the entry. */
  put(entry: CacheEntry, files: ReadonlyMap<string, string>, how: Placement): Promise<void>;
  /** Remembers that an entry was used. */
  used(stage: Pick<KeyedStage, 'name' | 'key'>): Promise<void>;
  /** Takes out an entry and an object of it that has other bytes than its name says. */
  drop(entry: CacheEntry, file: CachedFile): Promise<void>;
}
