import { join } from 'node:path';
import { followLines } from '../../host/follow-lines.ts';
import { exitCodes } from '../../host/ingot-error.ts';
import { isRunning } from '../../store/run-folder.ts';
import { journalName, parseJournalLine, replay } from '../progress/journal.ts';
import { chooseView } from '../progress/progress.ts';
import { requireRunningBake } from '../shared/running-bake.ts';
import type { World } from '../world.ts';
import type { AttachInput } from './options.ts';

/**
 * ingot attach: shows a running bake as its own terminal does, until it ends or until Ctrl-C, which leaves it running;
 * exit 1 if the bake fails.
 */
export async function attach(world: World, { out, verbose }: AttachInput): Promise<number> {
  const { host, stream, signal } = world;
  const run = await requireRunningBake(world, out);
  const view = await chooseView({ stream, verbose, board: true, now: () => host.now() });
  const show = replay(view);
  const following = { signal, isOver: async () => !(await isRunning(run)) };
  let result: 'done' | 'failed' | undefined;
  let why: string | undefined;
  await view.open();
  try {
    for await (const line of followLines(join(run.logs, journalName), following)) {
      const entry = parseJournalLine(line);
      if (entry === undefined) continue;
      result = show(entry);
      if (entry.type === 'over') why = entry.why;
      if (result !== undefined) break;
    }
  } finally {
    view.close();
  }
  if (result === 'done') {
    world.err('the bake is done\n');
    return exitCodes.done;
  }
  if (result === undefined && signal.aborted) {
    world.err('the bake goes on\n');
    return exitCodes.done;
  }
  const reason = result === undefined ? 'its process was killed' : (why ?? 'its own terminal shows why');
  world.err(`the bake failed: ${reason}\nits logs: ${run.logs}\n`);
  return exitCodes.failed;
}
