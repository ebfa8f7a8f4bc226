import { join, relative, resolve } from 'node:path';
import { errorLines, type Failure, failureScreen } from '../failures/failure-screen.ts';
import { recognise } from '../failures/recognise.ts';
import { type FailedCommand, rerunOf } from '../failures/rerun.ts';
import { failedRole, readStageLogs } from '../failures/stage-logs.ts';
import { writeFailure } from '../failures/write-record.ts';
import { commandText } from '../host/command-text.ts';
import { failureNotes } from '../host/failure-notes.ts';
import { plainLines } from '../host/plain-text.ts';
import { projectFolder } from '../host/project-folder.ts';
import { latestVersion } from '../store/latest-version.ts';
import type { Thrown } from './run-program.ts';
import type { World } from './world.ts';

/** A page of a log, where there is no terminal. */
const page = { rows: 50, columns: 160 };

/** The page of known failures: short where it is below the working folder. */
function guideFrom(cwd: string): string {
  const page = join(projectFolder, 'docs/troubleshooting.md');
  const path = relative(cwd, page);
  return path.startsWith('..') ? page : path;
}

/**
 * The text of a failed command for stderr: one screen with what failed, the lines that matter, the likely cause and what
 * to do. If the command has a folder with logs, the whole text is written there as well.
 */
export async function explainFailure(
  world: World,
  command: FailedCommand,
  { error, thrown, colour }: Thrown,
): Promise<string> {
  const { stream } = world;
  const { rows, columns } = stream.isTTY && stream.columns > 0 ? stream : page;
  const screen = { rows, columns, colour };
  if (error.code === 'interrupted') return failureScreen({ error, stages: [], texts: [] }, screen);
  const notes = failureNotes(thrown);
  const { stages, logs } = notes;
  const role = failedRole(notes, error.message);
  const texts = await readStageLogs(notes, role);
  const own = errorLines(error).map((line) => plainLines(line).at(0) ?? '');
  const { input } = command;
  const named = typeof input['out'] === 'string' ? input['out'] : 'out';
  const out = resolve(world.cwd, named);
  const hasMaster = (await latestVersion(out, 'master').catch(() => undefined)) !== undefined;
  const isWork = logs !== undefined || stages.length > 0;
  const spec = typeof input['spec'] === 'string' ? [input['spec']] : [];
  const store = named === 'out' ? [] : ['--out', named];
  const failure: Failure = {
    ...{ error, stages, logs, texts, guide: guideFrom(world.cwd) },
    recognised: recognise(error.code, [{ kind: 'error', name: 'the message', lines: own }, ...texts]),
    again: isWork ? rerunOf(command, { stages, role, hasMaster }) : undefined,
    bundle:
      logs === undefined
        ? undefined
        : commandText('ingot', ['report', ...spec, ...store, '--bundle', 'report.tar.gz']),
  };
  const full =
    logs === undefined ? undefined : await writeFailure({ ...failure, logs }, command.args, world.host.now());
  return failureScreen({ ...failure, full }, screen);
}
