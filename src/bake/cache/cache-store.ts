import type { Role } from '../../inputs/plan/plan.ts';
import type { CachedFile, CacheEntry } from './entry.ts';
import type { KeyedStage } from './keyed-stage.ts';
import type { Placement } from './objects.ts';

/** A place that keeps stages: a folder, or anything else with entries by key and objects by digest. */
export interface CacheStore {
  /** Its name in messages, e.g. the folder's path. */
  readonly title: string;
  /** Returns the entry with this key; undefined if there is none. */
  get(stage: string, key: string): Promise<CacheEntry | undefined>;
  /** Returns the most recently used entry of a stage and role, with any key. */
  latest(stage: string, role: Role | null): Promise<CacheEntry | undefined>;
  /** Whether the object exists and has the right size. */
  has(file: CachedFile): Promise<boolean>;
  /** Puts an object at a path that does not exist yet; false if there is no such object. */
  fetch(file: CachedFile, to: string, how: Placement): Promise<boolean>;
  /** Adds the objects of an entry (name → path of the file), then the entry. */
  put(entry: CacheEntry, files: ReadonlyMap<string, string>, how: Placement): Promise<void>;
  /** Records that an entry was used. */
  used(stage: Pick<KeyedStage, 'name' | 'key'>): Promise<void>;
  /** Removes an entry, and an object of it whose content does not match its digest. */
  drop(entry: CacheEntry, file: CachedFile): Promise<void>;
}
