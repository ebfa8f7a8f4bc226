import type { AnyCommand } from './command-record.ts';
import type { OptionRecord } from './option.ts';

/** One flag as it is typed: `--out <folder>`; an option with a `--no-` form has two. */
export interface Flag {
  /** `--out` */
  readonly name: string;
  /** The name of its value (`folder`); undefined for a flag without a value. */
  readonly takes: string | undefined;
  /** Whether several words may follow. */
  readonly several: boolean;
  /** Whether the value may be omitted. */
  readonly valueOptional: boolean;
  readonly required: boolean;
  readonly help: string;
  readonly choices: readonly string[];
  /** The default value as a text; undefined if it has none. */
  readonly fallback: string | undefined;
}

/** One argument as it is typed, in order. */
export interface Operand {
  readonly takes: string;
  readonly several: boolean;
  readonly optional: boolean;
  readonly help: string;
  readonly choices: readonly string[];
  readonly fallback: string | undefined;
}

/** A command as a person types it: what completion and the manual pages are made of. */
export interface Usage {
  readonly record: AnyCommand;
  readonly flags: readonly Flag[];
  readonly operands: readonly Operand[];
  /** The last words of its subcommands, with their usages. */
  readonly subcommands: readonly { readonly word: string; readonly usage: Usage }[];
}

/** The flag of an option from its key in the record: `seedKey` is `seed-key`. */
export const flagName = (key: string): string =>
  key.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);

const textOf = (value: unknown): string | undefined =>
  typeof value === 'string' || typeof value === 'number' ? String(value) : undefined;

/** A name such as `file...`, in brackets of either kind, without what surrounds it. */
const bareName = (takes: string): string => takes.replace(/^[<[]|[>\]]$/g, '').replace(/\.\.\.$/, '');

function flagsOf(key: string, record: OptionRecord<unknown>): Flag[] {
  const { takes, help, choices = [], required = false, negated, no, fallback } = record;
  const name = flagName(key);
  const flag: Flag = {
    name: negated === true ? `--no-${name}` : `--${name}`,
    takes: takes === '' ? undefined : bareName(takes),
    several: takes.includes('...'),
    valueOptional: takes.startsWith('['),
    ...{ required, help, choices, fallback: textOf(fallback) },
  };
  if (no === undefined) return [flag];
  const opposite = { takes: undefined, several: false, valueOptional: false, required: false, choices: [] };
  return [flag, { ...opposite, name: `--no-${name}`, help: no, fallback: undefined }];
}

/** The usage of each command; a subcommand is listed itself, and with the command above it. */
export function usagesOf(records: readonly AnyCommand[]): readonly Usage[] {
  const usageOf = (record: AnyCommand): Usage => ({
    record,
    flags: Object.entries(record.options).flatMap(([key, option]) => flagsOf(key, option)),
    operands: Object.values(record.arguments).map(({ takes, help, optional, choices = [], fallback }) => ({
      takes: bareName(takes),
      several: takes.endsWith('...'),
      optional: optional === true,
      ...{ help, choices, fallback: textOf(fallback) },
    })),
    subcommands: records
      .filter(({ name }) => name.startsWith(`${record.name} `))
      .map((below) => ({ word: below.name.slice(record.name.length + 1), usage: usageOf(below) })),
  });
  return records.map(usageOf);
}
