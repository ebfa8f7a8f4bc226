import { mkdtemp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Host } from '../host/host.ts';
import { isRegistryAddress } from '../oci/address.ts';
import type { CacheStore } from './cache/cache-store.ts';
import { collectGarbage } from './cache/collect-garbage.ts';
import { folderStore, readOnlyStore } from './cache/folder-store.ts';
import { claimCache } from './cache/own-cache.ts';
import { readOnlyRegistryStore, type RegistryAccess, registryStore } from './cache/registry-store.ts';
import { shareStages } from './cache/share-stages.ts';
import { StageCache } from './cache/stage-cache.ts';
import type { BakeStages } from './keys/bake-stages.ts';
import { stageNames } from './stages/all-stages.ts';

/**
 * The caches that a bake uses: absolute folders; `from` and `to` may be addresses of registries (oci://…) as well.
 * Without `own`, a bake uses no cache.
 */
export interface CacheFolders {
  readonly own: string | undefined;
  /** Also searched, never written. */
  readonly from: string | undefined;
  /** At the end it receives the stages of this bake that it lacks. */
  readonly to: string | undefined;
  /** Size limit of `own`, in bytes. */
  readonly maxBytes: number;
  /** Finds logins of registries. */
  readonly access?: RegistryAccess | undefined;
}

/** Without a user's environment, there is no login. */
const noAccess = (): RegistryAccess => ({ env: {}, signal: new AbortController().signal });

/** Opens the cache of a bake. */
export function openCache(
  host: Host,
  { own, from, access = noAccess() }: Pick<CacheFolders, 'own' | 'from' | 'access'>,
  onNote: (line: string) => void,
): StageCache {
  const now = () => host.now();
  const other = (place: string) =>
    isRegistryAddress(place)
      ? readOnlyRegistryStore(registryStore(host, place, access, 'pull'), onNote)
      : readOnlyStore(place);
  return new StageCache({
    own: own === undefined ? undefined : folderStore(own, now),
    ...(own === undefined || from === undefined ? {} : { from: other(from) }),
    onNote,
    now,
  });
}

/** Where a cache is that receives stages, and a folder on the same file system if it is a folder. */
interface Receiver {
  readonly store: CacheStore;
  /** Absolute; holds files on the way. */
  readonly folder: string;
  readonly close: () => Promise<void>;
}

async function receiver(
  host: Host,
  own: string,
  to: string,
  access: RegistryAccess = noAccess(),
): Promise<Receiver> {
  if (isRegistryAddress(to)) {
    const store = registryStore(host, to, access, 'pull,push');
    return { store, folder: own, close: () => store.close() };
  }
  await claimCache(to);
  return { store: folderStore(to, () => host.now()), folder: to, close: () => Promise.resolve() };
}

/** Copies the stages of this bake that the other cache lacks into it. */
async function share(
  host: Host,
  {
    own,
    to,
    access,
  }: { readonly own: string; readonly to: string; readonly access?: RegistryAccess | undefined },
  { all }: BakeStages,
  onNote: (line: string) => void,
): Promise<void> {
  const { store, folder, close } = await receiver(host, own, to, access);
  // Processes on different machines that share a folder may have the same id.
  const way = await mkdtemp(join(folder, 'on-the-way-'));
  const given = await shareStages(
    folderStore(own, () => host.now()),
    store,
    all,
    way,
  ).finally(async () => {
    await rm(way, { recursive: true, force: true });
    await close();
  });
  if (given.length > 0) onNote(`copied to ${to}: ${given.join(', ')}`);
}

/**
 * Finishes the caches after a bake: copies missing stages to the other cache and keeps its own within its size limit.
 * The images are already published, so errors are reported to `onNote` and never thrown.
 */
export async function finishCaches(
  host: Host,
  { own, to, maxBytes, access }: CacheFolders,
  stages: BakeStages,
  onNote: (line: string) => void,
): Promise<void> {
  if (own === undefined) return;
  const report = (what: string) => (error: unknown) => {
    onNote(`${what}: ${error instanceof Error ? error.message : String(error)}`);
  };
  if (to !== undefined)
    await share(host, { own, to, access }, stages, onNote).catch(
      report(`not all stages were copied to ${to}`),
    );
  await collectGarbage({ folder: own, stages: stageNames, maxBytes, dryRun: false, now: host.now() }).catch(
    report(`${own} could not be kept within its size limit`),
  );
}
