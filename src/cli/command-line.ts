import { Command as Program } from 'commander';
import { commandText } from '../host/command-text.ts';
import { exitCodes, IngotError } from '../host/ingot-error.ts';
import { toolVersion } from '../inputs/plan/tool-version.ts';
import { commands } from './commands.ts';
import { environment } from './environment.ts';
import { exitStatuses } from './exit-status.ts';
import { addCommand, type ChosenCommand, commandTerm } from './record/add-command.ts';
import type { Entry } from './record/command-record.ts';
import { newProgram, parse } from './record/parse.ts';
import type { World } from './world.ts';

const shownVariables = environment.filter(({ onlyInManual }) => onlyInManual !== true);
const nameWidth = Math.max(...shownVariables.map(({ name }) => name.length));
const epilogue = `
Exit status:
  ${exitStatuses.map(({ status, means }) => `${status} ${means}`).join('; ')}

Environment:
${shownVariables.map(({ name, sets }) => `  ${name.padEnd(nameWidth)}  ${sets}`).join('\n')}

ingot COMMAND --help prints the options of a command, and examples.`;

const helpCommand = (): Program =>
  new Program('help').argument('[command]').description('print the help of a command').helpGroup('Help:');

/**
 * The parser with all commands.
 * @param chosen gets the parsed command
 */
function makeProgram(world: World, details: ReadonlyMap<Entry, string>, chosen: ChosenCommand): Program {
  const program = newProgram(world, 'ingot')
    .description(
      'Bakes the two golden images of a Mesosphere cluster, master and slave, from one cluster.yaml.',
    )
    .version(toolVersion)
    .showHelpAfterError('(ingot --help lists the commands)')
    .configureHelp({ subcommandTerm: commandTerm })
    .addHelpCommand(helpCommand())
    // lock and lock check have options of the same names, and so do others.
    .enablePositionalOptions()
    .addHelpText('after', epilogue);
  const added = new Map<string, Program>();
  for (const entry of commands) {
    const { name } = entry.record;
    const above = added.get(name.split(' ').slice(0, -1).join(' ')) ?? program;
    added.set(name, addCommand(above, entry, { details: details.get(entry), chosen }));
  }
  return program;
}

/** The details in the help of single commands; they are loaded only for that help. */
async function detailsFor(args: readonly string[]): Promise<Map<Entry, string>> {
  const details = new Map<Entry, string>();
  if (!args.some((arg) => ['help', '-h', '--help'].includes(arg))) return details;
  for (const entry of commands)
    if (entry.record.details !== undefined && args.includes(entry.record.name))
      details.set(entry, await entry.record.details());
  return details;
}

/** The arguments in the current form, if they have an old one. */
function currentForm(world: World, args: readonly string[]): readonly string[] {
  if (args[0] === 'bench')
    throw new IngotError({
      code: 'wrong-usage',
      message: 'ingot bench is not a command of ingot any more',
      hint: 'in the source folder of ingot: make bench, or node dist/bench/main.js SPEC',
    });
  const { record } = commands.find((one) => one.record.name === args[0]) ?? {};
  const modern = record?.oldForm?.(args.slice(1), world);
  if (modern === undefined) return args;
  world.err(`ingot: warning: this form is deprecated; type instead: ${commandText('ingot', modern)}\n`);
  return modern;
}

/**
 * Reads one command line.
 * @param args without the program's own name
 * @param chosen gets the command and its input, if the line is valid
 * @returns the exit status if the line ends with that (wrong use, or requested help); undefined after chosen
 */
export async function readCommandLine(
  world: World,
  args: readonly string[],
  chosen: ChosenCommand,
): Promise<number | undefined> {
  const modern = currentForm(world, args);
  return parse(makeProgram(world, await detailsFor(modern), chosen), modern);
}

/**
 * Runs one command line.
 * @param args without the program's own name
 * @returns the exit status
 * @throws IngotError with the code of the command
 */
export async function commandLine(world: World, args: readonly string[]): Promise<number> {
  let exitCode: number = exitCodes.done;
  const ended = await readCommandLine(world, args, async (entry, input) => {
    exitCode = await entry.run(world, input as never);
  });
  return ended ?? exitCode;
}
