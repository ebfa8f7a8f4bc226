import { createHash } from 'node:crypto';
import { readFile, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { filesBelow } from '../../host/files-below.ts';
import { digestOf, digestsBelow } from '../../host/folder-digest.ts';
import { projectFolder } from '../../host/project-folder.ts';
import { lockText } from '../../inputs/lock/lock-file.ts';
import { dependenciesOf } from '../../version/provenance/dependencies.ts';
import { provenanceName, provenanceText, type StageOrigin } from '../../version/provenance/statement.ts';
import { readDigests } from '../../version/read-digests.ts';
import { bomName } from '../../version/sbom/bom.ts';
import { listedPackages } from '../../version/sbom/listed-packages.ts';
import { signatureName, sumsName } from '../../version/sums.ts';
import { stagesOfRole } from '../cache/bake-stages.ts';
import type { Verdict } from '../cache/decide.ts';
import { stageTitle } from '../cache/stage.ts';
import { codeDigest } from '../code-digest.ts';
import type { Making } from '../making.ts';
import type { ProgramRecord } from '../program-record.ts';
import type { MadeImage } from './seal-roles.ts';

const folders = ['images', 'node-tools', 'templates'] as const;
const origins: Readonly<Record<Verdict, StageOrigin>> = { runs: 'made', cached: 'cached', idle: 'idle' };

/** What is no subject of a provenance: itself, and what is written after it. */
const notSubjects: readonly string[] = [provenanceName, sumsName, signatureName];

/** Versions as they may be published: what was installed beside dpkg is told without its folder; images/ and templates/ are dependencies. */
function publicVersions(programs: ProgramRecord): Record<string, string> {
  return Object.fromEntries(
    Object.entries(programs).flatMap(([name, version]) =>
      name.endsWith('/') ? [] : [[name, version.replace(/^\/.*\//, 'beside dpkg: ')]],
    ),
  );
}

async function folderDigests(): Promise<Record<string, string>> {
  const digests = folders.map(async (name) => [
    `${name}/`,
    digestOf(await digestsBelow(join(projectFolder, name))),
  ]);
  return Object.fromEntries(await Promise.all(digests)) as Record<string, string>;
}

/** Writes the provenance of a staged version beside all other files that it has; only its list of digests may come after. */
export async function writeProvenance(
  { host, request, stages, restored, run, times }: Making,
  { role: plan, folder, digests: made }: Pick<MadeImage, 'role' | 'folder' | 'digests'>,
  programs: ProgramRecord,
): Promise<void> {
  const { role, compressionLevel, files } = plan;
  const { lock } = request.locked;
  const subjects = (await filesBelow(folder)).filter((path) => !notSubjects.includes(path));
  const records = await readDigests(
    folder,
    subjects.filter((path) => !made.has(path)),
  );
  const text = provenanceText({
    role,
    files: new Map(subjects.map((path) => [path, made.get(path) ?? records.get(path)?.sha256 ?? ''])),
    specSha256: request.specSha256,
    lockSha256: createHash('sha256').update(lockText(lock)).digest('hex'),
    targets: request.plan.targets,
    compressionLevel,
    stages: Object.fromEntries(
      stagesOfRole(stages, role).map((stage) => [
        stageTitle(stage),
        { key: stage.key, was: origins[restored.verdicts.get(stage) ?? 'idle'] },
      ]),
    ),
    dependencies: dependenciesOf({
      folders: await folderDigests(),
      files,
      sources: lock.sources,
      packages: listedPackages(await readFile(join(folder, bomName), 'utf8')),
    }),
    codeSha256: codeDigest(),
    versions: publicVersions(programs),
    run: basename(run.path),
    begun: times.begun,
    ended: host.now(),
  });
  await writeFile(join(folder, provenanceName), text);
}
