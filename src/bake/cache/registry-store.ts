import { createWriteStream } from 'node:fs';
import { rm } from 'node:fs/promises';
import { finished } from 'node:stream/promises';
import type { Host } from '../../host/host.ts';
import type { Role } from '../../inputs/plan/plan.ts';
import { parseRegistryAddress } from '../../oci/address.ts';
import { describe, type Descriptor } from '../../oci/descriptor.ts';
import { manifestBytes, mediaTypes, type OciManifest, parseManifest } from '../../oci/manifest.ts';
import { getManifest, putManifest } from '../../oci/manifests.ts';
import { hasBlob, pushBlob, usualChunkBytes } from '../../oci/push-blob.ts';
import { readBlob, readSmallBlob } from '../../oci/read-blob.ts';
import { smallLimit } from '../../oci/read-small.ts';
import { openRegistry, type Registry, type RegistryOptions } from '../../oci/registry.ts';
import type { CacheStore } from './cache-store.ts';
import { type CachedFile, type CacheEntry, parseEntry } from './entry.ts';

/** The kind of artifact that an entry is. Its config is the entry, its layers are the objects. */
const artifactType = 'application/vnd.ingot.stage.v1';
const entryType = 'application/vnd.ingot.stage.v1+json';
const objectType = 'application/octet-stream';

/** What finds logins and ends requests. */
export type RegistryAccess = Pick<RegistryOptions, 'env' | 'signal' | 'retries'>;

/** A cache in a registry that is open until it is closed. */
export interface RegistryStore extends CacheStore {
  readonly close: () => Promise<void>;
}

const entryTag = (stage: string, key: string): string => `${stage}-${key}`;
/** The tag of the entry of a stage that was written last. */
const newestTag = (stage: string, role: Role | null): string => `newest-${stage}-${role ?? 'shared'}`;

const objectOf = ({ sha256, size }: CachedFile): Descriptor => ({
  ...{ mediaType: objectType, digest: `sha256:${sha256}`, size },
});

async function readEntryAt(registry: Registry, tag: string): Promise<CacheEntry | undefined> {
  const stored = await getManifest(registry, tag);
  const manifest: OciManifest | undefined = stored && parseManifest(stored.bytes.toString());
  if (manifest?.config.mediaType !== entryType || manifest.config.size > smallLimit) return undefined;
  return parseEntry((await readSmallBlob(registry, manifest.config)).toString());
}

async function fetchTo(registry: Registry, file: CachedFile, to: string): Promise<boolean> {
  const mode = Number.parseInt(file.mode, 8);
  const stream = createWriteStream(to, { flags: 'wx', mode, highWaterMark: 1 << 20 });
  try {
    await readBlob(registry, objectOf(file), stream);
    stream.end();
    await finished(stream);
    return true;
  } catch (error) {
    stream.destroy();
    await rm(to, { force: true });
    throw error;
  }
}

async function putEntry(
  registry: Registry,
  entry: CacheEntry,
  files: ReadonlyMap<string, string>,
): Promise<void> {
  const push = async (blob: Descriptor, source: Parameters<typeof pushBlob>[2]) => {
    if (!(await hasBlob(registry, blob)))
      await pushBlob(registry, blob, source, { chunkBytes: usualChunkBytes });
  };
  for (const file of entry.files) {
    const path = files.get(file.name);
    if (path === undefined) throw new Error(`no file was given for ${file.name}`);
    await push(objectOf(file), { file: path });
  }
  const text = Buffer.from(JSON.stringify(entry));
  const config = describe(entryType, text);
  await push(config, { bytes: text });
  // A registry may refuse a manifest that lists a blob twice.
  const layers = [...new Map(entry.files.map((file) => [file.sha256, objectOf(file)])).values()];
  const bytes = manifestBytes(config, { artifactType, config, layers });
  for (const tag of [entryTag(entry.stage, entry.key), newestTag(entry.stage, entry.role)])
    await putManifest(registry, mediaTypes.manifest, bytes, tag);
}

/**
 * A cache in a repository of a registry: a manifest for each entry, tagged STAGE-KEY. Nothing is sent before its first
 * use. Objects are never removed from it: that is the work of the registry's own garbage collection.
 * @param address oci://HOST/REPOSITORY
 */
export function registryStore(
  host: Host,
  address: string,
  access: RegistryAccess,
  actions: RegistryOptions['actions'],
): RegistryStore {
  let opened: Promise<Registry> | undefined;
  const open = (): Promise<Registry> =>
    (opened ??= openRegistry(host, parseRegistryAddress(address), { ...access, actions }));
  const nothing = () => Promise.resolve();
  return {
    title: address,
    get: async (stage, key) => {
      const entry = await readEntryAt(await open(), entryTag(stage, key));
      return entry?.stage === stage && entry.key === key ? entry : undefined;
    },
    latest: async (stage, role) => {
      const entry = await readEntryAt(await open(), newestTag(stage, role));
      return entry?.stage === stage && entry.role === role ? entry : undefined;
    },
    has: async (file) => hasBlob(await open(), objectOf(file)),
    fetch: async (file, to) => fetchTo(await open(), file, to),
    put: async (entry, files) => putEntry(await open(), entry, files),
    ...{ used: nothing, drop: nothing },
    close: async () => {
      (await opened?.catch(() => undefined))?.close();
    },
  };
}

/**
 * A cache in a registry that is only read. A registry that fails does not fail a bake: a line says so, and it is not
 * used any more.
 */
export function readOnlyRegistryStore(store: CacheStore, onNote: (line: string) => void): CacheStore {
  let failed = false;
  const fail = (error: unknown): void => {
    if (failed) return;
    failed = true;
    onNote(`the cache ${store.title} is not used: ${error instanceof Error ? error.message : String(error)}`);
  };
  const safely = async <T>(work: () => Promise<T>, otherwise: T): Promise<T> => {
    if (failed) return otherwise;
    try {
      return await work();
    } catch (error) {
      fail(error);
      return otherwise;
    }
  };
  return {
    ...store,
    get: (stage, key) => safely(() => store.get(stage, key), undefined),
    latest: (stage, role) => safely(() => store.latest(stage, role), undefined),
    has: (file) => safely(() => store.has(file), false),
    fetch: (file, to, how) => safely(() => store.fetch(file, to, how), false),
    put: () => Promise.resolve(),
  };
}
