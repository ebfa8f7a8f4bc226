import { commandText } from '../host/command-text.ts';
import type { FailureNotes } from '../host/failure-notes.ts';
import type { Role } from '../inputs/plan/plan.ts';

/** The command that failed. */
export interface FailedCommand {
  /** "lock check" */
  readonly name: string;
  /** Its arguments as they were typed, with its name. */
  readonly args: readonly string[];
  /** The values of its arguments and options by name. */
  readonly input: Readonly<Record<string, unknown>>;
}

/** What is known about where it failed. */
export interface FailurePlace {
  readonly stages: FailureNotes['stages'];
  /** The role that failed; undefined if both did. */
  readonly role: Role | undefined;
  /** Whether the store has a master, which the boot test of a slave needs. */
  readonly hasMaster: boolean;
}

/** A command to type, and what it does. */
export interface Rerun {
  readonly command: string;
  readonly does: string;
}

const text = (value: unknown): string | undefined => (typeof value === 'string' ? value : undefined);

function rerunBake({ args, input }: FailedCommand, { stages, role, hasMaster }: FailurePlace): Rerun {
  if (stages[0] === 'lock') {
    const pool = text(input['pool']);
    const words = [
      'lock',
      text(input['spec']) ?? 'cluster.yaml',
      ...(pool === undefined ? [] : ['--pool', pool]),
    ];
    return { command: commandText('ingot', words), does: 'only the lock' };
  }
  const uncached = input['cache'] === false;
  const alone =
    input['role'] === undefined &&
    role !== undefined &&
    ['compose', 'bake', 'seal'].includes(stages[0] ?? '') &&
    (role === 'master' || hasMaster);
  return {
    command: commandText('ingot', alone ? [...args, '--role', role] : args),
    does: `${alone ? `only the ${role}; ` : ''}${uncached ? 'with --no-cache every stage runs again' : 'finished stages come from the cache'}`,
  };
}

/**
 * The command that runs only the failed part of a command again.
 * @returns undefined for a command that has no parts; its error says what to do
 */
export function rerunOf(command: FailedCommand, place: FailurePlace): Rerun | undefined {
  const { name, args } = command;
  if (name === 'bake') return rerunBake(command, place);
  if (name === 'rehearse') {
    const drill = place.stages[1];
    const only = drill !== undefined && command.input['from'] === undefined && !args.includes('--drills');
    const words = only ? [...args.filter((one) => one !== '--quick'), '--drills', drill] : args;
    return {
      command: commandText('ingot', words),
      does: only ? `only rise and ${drill}` : 'the same drills',
    };
  }
  if (name === 'boot-test' || name === 'reproduce')
    return { command: commandText('ingot', args), does: 'the same again' };
  return undefined;
}
