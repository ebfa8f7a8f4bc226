import { readdirSync, statSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { projectFolder } from '../../host/project-folder.ts';
import { aptSettings } from '../../inputs/apt/remembered-sources.ts';
import { namedFiles } from '../../inputs/cluster-spec/named-files.ts';
import { pooledLayer } from '../../inputs/fetched-layers/layer-pool.ts';
import { lockFileOf } from '../../inputs/lock-file-of.ts';
import { allRoles } from '../../inputs/roles.ts';
import { isUrl } from '../../inputs/url/canonical-url.ts';
import { latestPath, latestVersion } from '../../store/latest-version.ts';
import { versionRecord } from '../../store/stored-version.ts';
import { markFile } from '../cache/own-cache.ts';
import { runningCode } from '../code-digest.ts';
import { programFiles } from '../records/program-record.ts';
import type { UpToDateRequest } from '../up-to-date-bake.ts';

/** A checked bake, and the folders that it used; all absolute. */
export interface CheckedBake extends Omit<UpToDateRequest, 'roles'> {
  readonly cache: string;
  /** Called only for a spec that fetches layers. */
  readonly pool: () => string;
}

function* below(folder: string): Generator<string> {
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name);
    yield path;
    if (entry.isDirectory()) yield* below(path);
  }
}

/** A path and, if it is a folder or a link to one, everything below it; folders are listed too. */
function* withContent(path: string): Generator<string> {
  yield path;
  if (statSync(path, { throwIfNoEntry: false })?.isDirectory() === true) yield* below(path);
}

/** The spec, its lock, and the files and folders that they name. */
function ofSpec({ read: { spec, plan }, specFile, pool }: CheckedBake): string[] {
  const folder = dirname(resolve(specFile));
  const { placed, texts, present } = namedFiles(spec);
  const debs = plan.roles.flatMap((role) => role.debs.map(({ from }) => from));
  return [
    ...[specFile, lockFileOf(specFile)].map((path) => resolve(path)),
    ...[...placed, ...texts, ...present].map((name) => resolve(folder, name)),
    ...debs.filter((from) => !isUrl(from)),
    ...spec.layers.filter(({ fetched }) => fetched === undefined).map(({ path }) => resolve(folder, path)),
    ...(plan.fetchedLayers ?? []).map(({ tree }) => pooledLayer(pool(), tree)),
  ];
}

/** The latest version of each role, and what names it; a slave is tested with the master of the store. */
async function ofStore(out: string): Promise<string[]> {
  const found = await Promise.all(
    allRoles.map(async (role) => {
      const latest = await latestVersion(out, role);
      const version = latest === undefined ? [] : [latest.folder, versionRecord(latest.folder, 'stages')];
      return [latestPath(out, role), ...version];
    }),
  );
  return found.flat();
}

/**
 * Lists everything that decides whether a bake has nothing to do, each path once: the spec and what it names, ingot
 * itself, the programs and the apt sources of this host, and what is published. Folders are in the list with all that
 * they contain, so a file that is added to one is noticed by the time of the folder.
 */
export async function bakeInputs(bake: CheckedBake): Promise<ReadonlySet<string>> {
  const own = ['images', 'node-tools', 'templates', 'package.json'].map((name) => join(projectFolder, name));
  const all = [
    ...ofSpec(bake),
    ...[...own, process.execPath],
    ...programFiles(),
    ...(bake.read.spec.base.mirror === undefined ? aptSettings() : []),
    ...(await ofStore(bake.out)),
    markFile(bake.cache),
  ];
  // Source maps are not read; they are half of the files.
  const code = [...withContent(runningCode)].filter((path) => !path.endsWith('.map'));
  return new Set([...code, ...all.flatMap((path) => [...withContent(path)])]);
}
