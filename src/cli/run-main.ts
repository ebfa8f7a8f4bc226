import { commandLine } from './command-line.ts';
import { runProgram } from './run-program.ts';

/** Runs ingot with the command line of this process; returns its exit status. */
export const runMain = (): Promise<number> =>
  runProgram(commandLine, async (world, args, thrown) => {
    // Loaded only after a failure.
    const { explainFailure } = await import('./explain-failure.ts');
    const { failedCommand } = await import('./failed-command.ts');
    return explainFailure(world, await failedCommand(world, args), thrown);
  });
