import type { FailedCommand } from '../failures/rerun.ts';
import { readCommandLine } from './command-line.ts';
import type { World } from './world.ts';

/**
 * The command of a command line, without running it.
 * @param args without the program's own name
 */
export async function failedCommand(world: World, args: readonly string[]): Promise<FailedCommand> {
  let found: FailedCommand = { name: args[0] ?? '', args, input: {} };
  const silent: World = { ...world, out: () => undefined, err: () => undefined };
  await readCommandLine(silent, args, (entry, input) => {
    found = { name: entry.record.name, args, input: input };
    return Promise.resolve();
  });
  return found;
}
