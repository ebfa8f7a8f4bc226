import { exitCodes } from '../../host/ingot-error.ts';
import type { World } from '../world.ts';
import { fillProgram } from './add-command.ts';
import type { Entry } from './command-record.ts';
import { newProgram, parse } from './parse.ts';

/** Runs the command line of a program with a single command; returns the exit status. */
export async function singleCommandLine(
  world: World,
  entry: Entry,
  args: readonly string[],
): Promise<number> {
  let exitCode: number = exitCodes.done;
  const program = fillProgram(newProgram(world, entry.record.name), entry, {
    chosen: async (one, input) => {
      exitCode = await one.run(world, input as never);
    },
  });
  return (await parse(program, args)) ?? exitCode;
}
