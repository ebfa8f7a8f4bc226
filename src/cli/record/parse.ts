import { Command as Program, CommanderError } from 'commander';
import { exitCodes } from '../../host/ingot-error.ts';
import type { World } from '../world.ts';

/** Creates a parser without commands that writes to the given streams and never ends the process. */
export function newProgram({ out, err }: World, name: string): Program {
  return new Program(name)
    .showHelpAfterError(`(see: ${name} --help)`)
    .showSuggestionAfterError()
    .exitOverride()
    .configureOutput({ writeOut: out, writeErr: err });
}

/**
 * Parses one command line.
 * @param args without the program's own name
 * @returns the exit status if the line ends with that (wrong use, or requested help); undefined after a command has run
 */
export async function parse(program: Program, args: readonly string[]): Promise<number | undefined> {
  try {
    await program.parseAsync(args, { from: 'user' });
    return undefined;
  } catch (error) {
    // Commander has printed what is wrong, or the requested help.
    if (error instanceof CommanderError) return error.exitCode === 0 ? exitCodes.done : exitCodes.wrongInput;
    throw error;
  }
}
