import { basename, join, resolve } from 'node:path';
import { exitCodes, IngotError } from '../../host/ingot-error.ts';
import { projectFolder } from '../../host/project-folder.ts';
import { type NewFile, requireNewFiles, writeNewFiles } from '../../host/write-new-files.ts';
import { answerFaults } from '../../inputs/starter/answer-faults.ts';
import { defaultAnswers } from '../../inputs/starter/default-answers.ts';
import { starterFiles } from '../../inputs/starter/starter-files.ts';
import type { StarterAnswers } from '../../inputs/starter/starter-spec.ts';
import { textWidth } from '../shared/wrapped-text.ts';
import type { World } from '../world.ts';
import { askAnswers, WrongAnswer } from './ask-answers.ts';
import { ownKeyFile, readOperatorKey } from './operator-key.ts';
import type { InitInput } from './options.ts';
import { canAsk, withQuestions } from './question.ts';
import { initText } from './text.ts';

/** The answers that options give. */
async function givenAnswers(world: World, { mesos, operator }: InitInput): Promise<Partial<StarterAnswers>> {
  const key = operator === undefined ? undefined : await readOperatorKey(world, operator);
  const given = {
    ...(mesos === undefined ? {} : { mesos }),
    ...(key === undefined ? {} : { operator: key }),
  };
  const faults = answerFaults({ ...defaultAnswers('demo'), ...given });
  if (faults.length > 0) throw new WrongAnswer(faults.join('; '));
  return given;
}

/** A file whose text depends on the answers: none that is there can be the same. */
const asUnknown = (file: NewFile): NewFile =>
  file.path === 'cluster.yaml' ? { ...file, content: '' } : file;

/**
 * ingot init: writes the files of a new cluster; prints their paths on stdout and the next command on stderr.
 * @throws IngotError wrong-usage for a wrong key; unusable-folder or no-space, and then nothing was written
 */
export async function init(world: World, input: InitInput): Promise<number> {
  const folder = resolve(world.cwd, input.folder);
  const defaults = defaultAnswers(basename(folder));
  const given = await givenAnswers(world, input).catch((error: unknown) => {
    if (!(error instanceof WrongAnswer)) throw error;
    throw new IngotError({ code: 'wrong-usage', message: error.message, hint: '--operator FILE.pub' });
  });
  const unasked = { ...defaults, ...given };
  const asks = !input.yes && canAsk(world);
  const width = textWidth(world.stream);
  const standIns = join(projectFolder, 'stand-ins', 'build');
  if (asks) {
    // Nobody answers questions for a folder that cannot be used.
    await requireNewFiles(folder, (await starterFiles(unasked, standIns)).map(asUnknown));
  }
  const answers = asks
    ? await withQuestions(world, (ask) =>
        askAnswers(ask, {
          ...{ defaults, given, width },
          keyFile: ownKeyFile(world),
          readKey: (file) => readOperatorKey(world, file),
          show: world.err,
        }),
      )
    : unasked;
  const done = await writeNewFiles(folder, await starterFiles(answers, standIns));
  world.out(done.written.map((path) => `${path}\n`).join(''));
  world.err(initText(done, { folder, cwd: world.cwd, width }));
  return exitCodes.done;
}
