import type { Command as Program } from 'commander';
import { Argument, Option } from 'commander';
import type { ArgumentRecord } from './argument.ts';
import { type AnyCommand, type Entry, taskHeadings } from './command-record.ts';
import { examplesText, sentence } from './help-text.ts';
import type { OptionRecord } from './option.ts';
import { flagName } from './usage.ts';

/** Called with a parsed command and its valid input. */
export type ChosenCommand = (entry: Entry, input: Readonly<Record<string, unknown>>) => Promise<void>;

function optionsOf(key: string, record: OptionRecord<unknown>): Option[] {
  const { takes, help, fallback, choices, read, required, negated, no } = record;
  const name = flagName(key);
  const option = new Option(
    `--${negated === true ? 'no-' : ''}${name}${takes === '' ? '' : ` ${takes}`}`,
    help,
  );
  if (fallback !== undefined) option.default(fallback);
  if (choices !== undefined) option.choices(choices);
  if (read !== undefined) option.argParser<unknown>(read);
  if (required === true) option.makeOptionMandatory();
  return no === undefined ? [option] : [option, new Option(`--no-${name}`, no)];
}

function argumentOf({ takes, help, optional, choices, fallback }: ArgumentRecord<unknown>): Argument {
  const argument = new Argument(optional === true ? `[${takes}]` : `<${takes}>`, help);
  if (choices !== undefined) argument.choices(choices);
  return fallback === undefined ? argument : argument.default(fallback);
}

/** The input of a command, by name, from the values of the parser. */
function inputOf(record: AnyCommand, args: readonly unknown[], options: Readonly<Record<string, unknown>>) {
  return Object.fromEntries([
    ...Object.entries(record.arguments).map(([key, { from }], index) => [key, from(args[index])] as const),
    ...Object.entries(record.options).map(([key, { from }]) => [key, from(options[key])] as const),
  ]);
}

/** The flag that was given to the parent command, which would ignore it; undefined if there is none. */
function misplaced(above: Program | null): string | undefined {
  return above?.options.find((option) => above.getOptionValueSource(option.attributeName()) === 'cli')?.long;
}

/** A command in the list of commands: its name and arguments. */
export const commandTerm = (program: Program): string =>
  [program.name(), ...program.registeredArguments.map((one) => nameOf(one))].join(' ');

const nameOf = (one: Argument): string => {
  const name = `${one.name()}${one.variadic ? '...' : ''}`;
  return one.required ? `<${name}>` : `[${name}]`;
};

/** The receiver of parsed commands, and the text in the help of this command before its examples. */
export interface CommandHandling {
  readonly chosen: ChosenCommand;
  readonly details?: string | undefined;
}

/** Adds the arguments, options and help of a record to a parser. */
export function fillProgram(program: Program, entry: Entry, { details, chosen }: CommandHandling): Program {
  const { record } = entry;
  program
    .description(sentence(record.summary))
    .addHelpText('after', `${details === undefined ? '' : `\n${details}`}${examplesText(record.examples)}`);
  for (const one of Object.values(record.arguments)) program.addArgument(argumentOf(one));
  for (const [key, one] of Object.entries(record.options))
    for (const option of optionsOf(key, one)) program.addOption(option);
  return program.action(async () => {
    const lost = misplaced(program.parent);
    if (lost !== undefined) program.error(`error: write ${lost} after ${record.name}`);
    const input = inputOf(record, program.processedArgs as unknown[], program.opts());
    const wrong = record.wrongUse?.(input);
    if (wrong !== undefined) program.error(`error: ${wrong}`);
    await chosen(entry, input);
  });
}

/** Adds a command, described by its record, to its parent command. */
export function addCommand(above: Program, entry: Entry, handling: CommandHandling): Program {
  const { name, summary, task } = entry.record;
  const program = above
    .command(name.split(' ').at(-1) ?? name)
    .summary(summary)
    .helpGroup(above.parent === null ? taskHeadings[task] : 'Commands:')
    .configureHelp({ subcommandTerm: commandTerm })
    .enablePositionalOptions()
    .showHelpAfterError(`(see: ingot ${name} --help)`);
  return fillProgram(program, entry, handling);
}
