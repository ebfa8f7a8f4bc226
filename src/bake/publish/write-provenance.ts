import { createHash } from 'node:crypto';
import { readFile, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { filesBelow } from '../../host/files-below.ts';
import { digestOf, digestsBelow } from '../../host/folder-digest.ts';
import { projectFolder } from '../../host/project-folder.ts';
import type { Lock } from '../../inputs/lock/lock.ts';
import { lockText } from '../../inputs/lock/lock-file.ts';
import type { Plan, RolePlan } from '../../inputs/plan/plan.ts';
import { dependenciesOf } from '../../version/provenance/dependencies.ts';
import { provenanceName, provenanceText, type StageOrigin } from '../../version/provenance/statement.ts';
import { type FileDigest, readDigests } from '../../version/read-digests.ts';
import { bomName } from '../../version/sbom/bom.ts';
import { listedPackages } from '../../version/sbom/listed-packages.ts';
import { signatureName, sumsName } from '../../version/sums.ts';
import { stageTitle } from '../cache/keyed-stage.ts';
import { type BakeStages, stagesOfRole } from '../keys/bake-stages.ts';
import type { StageVerdict, StageVerdicts } from '../keys/decide.ts';
import type { ProgramRecord } from '../records/program-record.ts';

/** The part of the provenance that all images of a bake have in common. */
export interface BakeProvenance {
  readonly specSha256: string;
  readonly lock: Lock;
  readonly targets: Plan['targets'];
  /** The layers of the site. */
  readonly siteLayers?: Plan['siteLayers'];
  readonly fetchedLayers?: Plan['fetchedLayers'];
  readonly stages: BakeStages;
  readonly verdicts: StageVerdicts;
  readonly programs: ProgramRecord;
  /** Digest of ingot's own code. */
  readonly code: string;
  /** Absolute path of the run's folder. */
  readonly run: string;
  /** When the bake began, milliseconds since 1970. */
  readonly begun: number;
}

/** A staged version. */
export interface StagedImage {
  readonly role: RolePlan;
  /** Absolute. */
  readonly folder: string;
  /** The digest of each file that was built or taken from the cache. */
  readonly digests: ReadonlyMap<string, FileDigest>;
}

const folders = ['images', 'node-tools', 'templates'] as const;
const origins: Readonly<Record<StageVerdict, StageOrigin>> = { runs: 'made', cached: 'cached', idle: 'idle' };

/** The files that are not subjects of a provenance: itself, and those written after it. */
const notSubjects: readonly string[] = [provenanceName, sumsName, signatureName];

/**
 * Versions in the form in which they are published: for programs that were installed without dpkg the folder is
 * omitted. Folders are left out, because images/ and templates/ are dependencies.
 */
function publicVersions(programs: ProgramRecord): Record<string, string> {
  return Object.fromEntries(
    Object.entries(programs).flatMap(([name, version]) =>
      name.endsWith('/') ? [] : [[name, version.replace(/^\/.*\//, 'not from dpkg: ')]],
    ),
  );
}

async function folderDigests(layers: Plan['siteLayers'] = []): Promise<Record<string, string>> {
  const all = [
    ...folders.map((name) => ({ name: `${name}/`, folder: join(projectFolder, name) })),
    ...layers.map(({ name, folder }) => ({ name: `layer ${name}/`, folder })),
  ];
  const digests = all.map(async ({ name, folder }) => [name, digestOf(await digestsBelow(folder))]);
  return Object.fromEntries(await Promise.all(digests)) as Record<string, string>;
}

/**
 * Writes the provenance of a staged version next to its other files; only the list of digests may be written later.
 * now: milliseconds since 1970.
 */
export async function writeProvenance(
  facts: BakeProvenance,
  { role: plan, folder, digests: made }: StagedImage,
  now: number,
): Promise<void> {
  const { specSha256, lock, targets, stages, verdicts, programs, code, run, begun } = facts;
  const { role, compressionLevel, files } = plan;
  const siteLayers = facts.siteLayers?.filter((one) => one.role === null || one.role === role) ?? [];
  const isUsed = (name: string) =>
    siteLayers.some((one) => one.name === name || one.name.startsWith(`${name}/`));
  const subjects = (await filesBelow(folder)).filter((path) => !notSubjects.includes(path));
  const records = await readDigests(
    folder,
    subjects.filter((path) => !made.has(path)),
  );
  const text = provenanceText({
    role,
    files: new Map(subjects.map((path) => [path, (made.get(path) ?? records.get(path))?.sha256 ?? ''])),
    specSha256,
    lockSha256: createHash('sha256').update(lockText(lock)).digest('hex'),
    targets,
    compressionLevel,
    stages: Object.fromEntries(
      stagesOfRole(stages, role).map((stage) => [
        stageTitle(stage),
        { key: stage.key, was: origins[verdicts.get(stage) ?? 'idle'] },
      ]),
    ),
    dependencies: dependenciesOf({
      folders: await folderDigests(siteLayers),
      layers: facts.fetchedLayers?.filter(({ name }) => isUsed(name)) ?? [],
      files,
      sources: lock.sources,
      packages: listedPackages(await readFile(join(folder, bomName), 'utf8')),
    }),
    codeSha256: code,
    versions: publicVersions(programs),
    run: basename(run),
    begun,
    ended: now,
  });
  await writeFile(join(folder, provenanceName), text);
}
