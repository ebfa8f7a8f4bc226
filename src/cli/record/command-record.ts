import type { World } from '../world.ts';
import type { ArgumentRecords, ArgumentValues } from './argument.ts';
import type { OptionRecords, OptionValues } from './option.ts';

/** The tasks by which the help groups the commands, in the order of the help. */
export const taskHeadings = {
  describe: 'Describe a cluster:',
  bake: 'Bake its images:',
  test: 'Test the images:',
  ship: 'Ship versions:',
  run: 'Run a cluster:',
  compare: 'Find differences:',
  install: 'Install ingot:',
} as const;

export type Task = keyof typeof taskHeadings;

/** A command line as a person types it, without redirections, and what it does. */
export interface Example {
  readonly line: string;
  readonly does: string;
}

/** The complete description of a command. Its flags, its help and the type of its input are derived from this. */
export interface CommandRecord<A extends ArgumentRecords, O extends OptionRecords> {
  /** The name as it is typed: `bake`, or `lock check` for a subcommand. */
  readonly name: string;
  readonly task: Task;
  /** What it does, in one line: for the list of commands, and the first line of its own help. */
  readonly summary: string;
  readonly arguments: A;
  readonly options: O;
  readonly examples: readonly Example[];
  /** The text of its help after the options; loaded only for that help. */
  readonly details?: () => Promise<string>;
  /** Why this combination of arguments and options is wrong use, in one line; undefined if it is valid. */
  readonly wrongUse?: (input: ArgumentValues<A> & OptionValues<O>) => string | undefined;
  /** The current form of arguments that are an old form of this command, command first; undefined if they are not. */
  readonly oldForm?: (args: readonly string[], world: World) => readonly string[] | undefined;
}

/** Returns a record with the types of its arguments and options. */
export const command = <const A extends ArgumentRecords, const O extends OptionRecords>(
  record: CommandRecord<A, O>,
): CommandRecord<A, O> => record;

/** The input of a command: the values of its arguments and options by name. */
export type InputOf<C> =
  C extends CommandRecord<infer A, infer O> ? ArgumentValues<A> & OptionValues<O> : never;

/** A record without its types. */
export type AnyCommand = CommandRecord<ArgumentRecords, OptionRecords>;

/** A command that can run; its body is loaded when it runs. */
export interface Entry {
  readonly record: AnyCommand;
  readonly run: (world: World, input: never) => Promise<number>;
}

/**
 * A command with its body.
 * @param load imports the body; dynamic, so that each command is a separate chunk
 */
export function entry<A extends ArgumentRecords, O extends OptionRecords>(
  record: CommandRecord<A, O>,
  load: () => Promise<(world: World, input: ArgumentValues<A> & OptionValues<O>) => Promise<number>>,
): Entry {
  return {
    record: record as unknown as AnyCommand,
    run: async (world, input) => (await load())(world, input),
  };
}
