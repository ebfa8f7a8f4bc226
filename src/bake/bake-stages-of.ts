import { join } from 'node:path';
import { bakeFirmware } from '../boot-test/firmware.ts';
import { digestsBelow } from '../host/folder-digest.ts';
import { projectFolder } from '../host/project-folder.ts';
import { sha256File } from '../host/sha256-file.ts';
import type { Lock } from '../inputs/lock/lock.ts';
import type { Plan, Role } from '../inputs/plan/plan.ts';
import { siteLayerOf, siteName } from '../inputs/plan/site-layer-of.ts';
import { latestVersion } from '../store/latest-version.ts';
import { codeDigest } from './code-digest.ts';
import type { BakeStages } from './keys/bake-stages.ts';
import { digest } from './keys/input-labels.ts';
import { keyStages } from './keys/key-stages.ts';
import { programVersions } from './records/program-record.ts';
import { recordedVersion } from './records/stage-record.ts';
import { renderedDigests, renderInputsDigest } from './rendered-inputs.ts';
import { allStages } from './stages/all-stages.ts';
import { artifacts } from './stages/artifacts.ts';

export interface StagesRequest {
  /** Its epoch is the date of the lock. */
  readonly plan: Plan;
  readonly lock: Lock;
  readonly roles: readonly Role[];
  /**
   * Absolute path of the store: a slave that is baked without a master is boot-tested against the store's latest
   * master.
   */
  readonly out: string;
}

/** The digests of the files and steps of the site's layers, by their names in the keys. */
async function filesOfSite({ roles, siteLayers = [] }: Plan): Promise<(readonly [string, string])[]> {
  if (siteLayers.length === 0) return [];
  const folders = new Set(
    roles.flatMap(({ layers, steps }) => [...layers, ...steps.map(({ folder }) => folder)]),
  );
  const found = await Promise.all(
    [...folders].map(async (folder) => {
      const layer = siteLayerOf({ siteLayers }, folder);
      if (layer === undefined) return [];
      const name = siteName(layer, folder);
      return [...(await digestsBelow(folder))].map(([path, value]) => [`${name}/${path}`, value] as const);
    }),
  );
  return found.flat();
}

/** The digests of the templates of the site's layers, in place of ours. */
function filesOfTemplates({ templates = {} }: Plan): (readonly [string, string])[] {
  return Object.entries(templates).map(
    ([path, text]) => [`templates/${path}`, `site ${digest(text)}`] as const,
  );
}

async function filesOfProject(plan: Plan): Promise<ReadonlyMap<string, string>> {
  const folders = await Promise.all(
    ['images', 'node-tools', 'templates'].map(async (name) => {
      const files = await digestsBelow(join(projectFolder, name));
      return [...files].map(([path, value]) => [`${name}/${path}`, value] as const);
    }),
  );
  return new Map([...folders.flat(), ...(await filesOfSite(plan)), ...filesOfTemplates(plan)]);
}

/**
 * The key of the store's latest master, or the digest of its manifest if it has no record; undefined if there is no
 * master.
 */
async function storedMaster(out: string): Promise<string | undefined> {
  const recorded = await recordedVersion(out, 'master');
  if (recorded !== undefined) return recorded.record.stages[artifacts.name]?.key;
  const latest = await latestVersion(out, 'master');
  return latest && sha256File(join(latest.folder, 'manifest.json')).catch(() => undefined);
}

/** Returns every stage of a bake on this host, with its key. Starts no program. */
export async function bakeStagesOf(request: StagesRequest): Promise<BakeStages> {
  const { plan, lock, roles, out } = request;
  const [files, programs, master] = await Promise.all([
    filesOfProject(plan),
    programVersions(),
    roles.includes('master') ? undefined : storedMaster(out),
  ]);
  const code = codeDigest();
  const rendering = renderInputsDigest(plan, files, code);
  const stages = keyStages(allStages, {
    ...{ plan, lock, roles, files, programs, code },
    firmware: bakeFirmware,
    rendered: await renderedDigests(request, rendering),
    project: projectFolder,
    node: process.version,
    ...(master === undefined ? {} : { storedMaster: master }),
  });
  return { ...stages, rendering };
}
