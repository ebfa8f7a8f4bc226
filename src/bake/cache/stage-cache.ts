import { mkdir, rm, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { IngotError } from '../../host/ingot-error.ts';
import { sha256File } from '../../host/sha256-file.ts';
import type { Role } from '../../inputs/plan/plan.ts';
import type { CacheStore } from './cache-store.ts';
import { type CachedFile, type CachedStage, type CacheEntry, makeEntry } from './entry.ts';
import { type KeyedStage, stageTitle } from './keyed-stage.ts';
import type { Placement } from './objects.ts';

/** The caches of one bake. */
export interface StageCacheOptions {
  /** The user's own cache; undefined for a bake without one. */
  readonly own: CacheStore | undefined;
  /** Another cache that is searched, never written. */
  readonly from?: CacheStore;
  /** Receives notes for the user: an object was damaged, a cache could not be written. */
  readonly onNote: (line: string) => void;
  /** Milliseconds since 1970. */
  readonly now: () => number;
}

/**
 * The stages that earlier bakes have built, and where this bake stores its own. An error in a cache never fails a bake.
 */
export class StageCache {
  readonly #options: StageCacheOptions;
  readonly #writing = new Set<Promise<void>>();

  constructor(options: StageCacheOptions) {
    this.#options = options;
  }

  get #stores(): CacheStore[] {
    return [this.#options.own, this.#options.from].flatMap((store) => store ?? []);
  }

  /** Whether a cache is in use. */
  get keeps(): boolean {
    return this.#options.own !== undefined;
  }

  /** Returns the entry of a stage if all its objects exist; their content is not read. */
  async find(stage: KeyedStage): Promise<CacheEntry | undefined> {
    return (await this.#findIn(stage))?.entry;
  }

  /** Returns the most recently used entry of a stage and role, with any key. */
  async latest(name: string, role: Role | null): Promise<CacheEntry | undefined> {
    for (const store of this.#stores) {
      const entry = await store.latest(name, role);
      if (entry !== undefined) return entry;
    }
    return undefined;
  }

  /**
   * Puts the files of a stage into a folder, which is created, and checks the digest of each. A damaged object is
   * dropped. Files from a foreign cache are always copied.
   * @returns the entry, or undefined when the stage must run
   */
  async take(stage: KeyedStage, folder: string, how: Placement = 'link'): Promise<CacheEntry | undefined> {
    for (;;) {
      const found = await this.#findIn(stage);
      if (found === undefined) return undefined;
      const { entry, store } = found;
      // Files are not shared with others who own them or may still change them.
      const bad = await this.#bring(entry, store, folder, store === this.#options.own ? how : 'copy');
      if (bad === undefined) {
        await store.used(stage);
        if (store !== this.#options.own) this.#write(this.#options.own, entry, folder, how);
        return entry;
      }
      this.#options.onNote(
        `${stageTitle(stage)}: ${bad.name} in the cache ${store.title} is damaged or missing: it is not used`,
      );
      await store.drop(entry, bad);
      // An entry that cannot be repaired would be found again.
      if (store !== this.#options.own) return undefined;
    }
  }

  /**
   * Adds a finished stage to the cache in the background; its files must not change until `settled` resolves.
   * @param made may resolve later: a stage may write files only for the cache
   * @returns ends when it is there, or could not be written; never fails
   */
  keep(stage: KeyedStage, made: CachedStage | Promise<CachedStage>, how: Placement = 'link'): Promise<void> {
    const { own, now } = this.#options;
    if (own === undefined) return Promise.resolve();
    return this.#inBackground(async () => {
      const { files, ...rest } = await made;
      const cached = await Promise.all(
        Object.entries(files).map(async ([name, path]): Promise<CachedFile> => {
          const { size, mode } = await stat(path);
          const octal = (mode & 0o7777).toString(8).padStart(4, '0');
          return { name, sha256: await sha256File(path), size, mode: octal };
        }),
      );
      await own.put(makeEntry(stage, cached, rest, now()), new Map(Object.entries(files)), how);
    });
  }

  /** Resolves when everything passed to `keep` is in the cache. */
  async settled(): Promise<void> {
    while (this.#writing.size > 0) await Promise.all(this.#writing);
  }

  async #findIn(stage: KeyedStage): Promise<{ entry: CacheEntry; store: CacheStore } | undefined> {
    for (const store of this.#stores) {
      const entry = await store.get(stage.name, stage.key);
      if (entry === undefined) continue;
      const present = await Promise.all(entry.files.map((file) => store.has(file)));
      if (present.every(Boolean)) return { entry, store };
    }
    return undefined;
  }

  /** Returns the first file whose content does not match its digest, and then removes all files. */
  async #bring(
    entry: CacheEntry,
    store: CacheStore,
    folder: string,
    how: Placement,
  ): Promise<CachedFile | undefined> {
    await mkdir(folder, { recursive: true });
    const intact = await Promise.all(
      entry.files.map(async (file) => {
        const to = join(folder, file.name);
        await mkdir(dirname(to), { recursive: true });
        await rm(to, { force: true });
        return (await store.fetch(file, to, how)) && (await sha256File(to)) === file.sha256;
      }),
    );
    const bad = entry.files[intact.indexOf(false)];
    if (bad !== undefined) for (const { name } of entry.files) await rm(join(folder, name), { force: true });
    return bad;
  }

  #write(store: CacheStore | undefined, entry: CacheEntry, folder: string, how: Placement): void {
    if (store === undefined) return;
    const files = new Map(entry.files.map(({ name }) => [name, join(folder, name)]));
    void this.#inBackground(() => store.put(entry, files, how));
  }

  #inBackground(work: () => Promise<void>): Promise<void> {
    const writing = work()
      .catch((error: unknown) => {
        if (error instanceof IngotError && error.code === 'interrupted') return;
        const why = error instanceof Error ? error.message : String(error);
        this.#options.onNote(`the cache was not written: ${why}`);
      })
      .finally(() => this.#writing.delete(writing));
    this.#writing.add(writing);
    return writing;
  }
}
