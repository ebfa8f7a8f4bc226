import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { IngotError } from '../../host/ingot-error.ts';
import type { NewFile } from '../../host/write-new-files.ts';
import { specJsonSchema } from '../cluster-spec/json-schema.ts';
import { schemaFileName, type StandInFiles, type StarterAnswers, starterSpec } from './starter-spec.ts';

/** The lines of .gitignore: what ingot makes from the spec and the lock, and what must never be in a repository. */
export const ignoredByGit = `# What ingot makes: it can be made again.
/out/
/seed/
/netboot/
# Private keys.
*.pem
!*.pub.pem
`;

const packagesFolder = 'packages';

interface StandIns {
  readonly names: StandInFiles;
  readonly files: readonly NewFile[];
}

/** Reads the stand-in packages of a folder, to be copied next to a spec. */
async function standInsIn(folder: string): Promise<StandIns> {
  const names = await readdir(folder).catch(() => []);
  const read = async (program: string): Promise<NewFile> => {
    const name = names.find((one) => one.startsWith(`${program}_`) && one.endsWith('.deb'));
    if (name === undefined)
      throw new IngotError({
        code: 'host-not-ready',
        message: `the stand-in package of ${program} is not in ${folder}`,
        hint: 'make setup in the source folder of ingot builds it; or begin with --mesos clusterd',
      });
    return { path: `${packagesFolder}/${name}`, content: await readFile(join(folder, name)) };
  };
  const [mesos, marathon] = [await read('mesos'), await read('marathon')];
  return { names: { mesos: mesos.path, marathon: marathon.path }, files: [mesos, marathon] };
}

/**
 * Returns the files of a new cluster, cluster.yaml last.
 * @param standIns absolute folder of the stand-in packages
 * @throws IngotError host-not-ready if stand-ins are wanted and not built
 */
export async function starterFiles(answers: StarterAnswers, standIns: string): Promise<readonly NewFile[]> {
  const packages: StandIns =
    answers.mesos === 'stand-ins'
      ? await standInsIn(standIns)
      : { names: { mesos: '', marathon: '' }, files: [] };
  return [
    ...packages.files,
    { path: schemaFileName, content: `${JSON.stringify(specJsonSchema(), null, 2)}\n` },
    { path: '.gitignore', content: ignoredByGit, mayExist: true },
    { path: 'cluster.yaml', content: starterSpec(answers, packages.names) },
  ];
}
