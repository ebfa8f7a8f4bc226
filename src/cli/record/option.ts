/** One option of a command. Its flag is derived from its key in the record: `seedKey` is `--seed-key`. */
export interface OptionRecord<T> {
  /**
   * What follows the flag: `<file>`, `<file...>` (several), `[names...]` (may be omitted); '' for a flag without a
   * value.
   */
  readonly takes: string;
  readonly help: string;
  readonly fallback?: T;
  readonly choices?: readonly string[];
  /** Reads the value; `before` is the value of earlier uses of the same flag, or the fallback. */
  readonly read?: (text: string, before: unknown) => unknown;
  readonly required?: true;
  /** Only `--no-NAME` exists, and the value is true without it. */
  readonly negated?: true;
  /** The help of `--no-NAME`, if it exists in addition to `--NAME`. */
  readonly no?: string;
  /** Converts the value of the parser to that of the command. */
  readonly from: (parsed: unknown) => T;
}

/** The options of a command, by the names of its input. */
export type OptionRecords = Readonly<Record<string, OptionRecord<unknown>>>;

/** The values of the options of a command. */
export type OptionValues<O extends OptionRecords> = { readonly [K in keyof O]: ReturnType<O[K]['from']> };

/** `--name`: true if it is given. */
export const flag = (help: string): OptionRecord<boolean> => ({
  takes: '',
  help,
  from: (parsed) => parsed === true,
});

/** `--no-name`: false if it is given. */
export const negatedFlag = (help: string): OptionRecord<boolean> => ({
  takes: '',
  negated: true,
  help,
  from: (parsed) => parsed !== false,
});

/** `--name <takes>`: the text, or undefined. */
export const value = (takes: string, help: string): OptionRecord<string | undefined> => ({
  takes: `<${takes}>`,
  help,
  from: (parsed) => parsed as string | undefined,
});

/** `--name <takes...>`: the texts; an empty list if it is not given. */
export const values = (takes: string, help: string): OptionRecord<readonly string[]> => ({
  takes: `<${takes}...>`,
  help,
  from: (parsed) => (parsed ?? []) as readonly string[],
});

/** `--name <takes>`, which is required. */
export const requiredValue = (takes: string, help: string): OptionRecord<string> => ({
  takes: `<${takes}>`,
  help,
  required: true,
  from: (parsed) => parsed as string,
});

/** `--name <takes>` with a default value. */
export const valueOr = (takes: string, help: string, fallback: string): OptionRecord<string> => ({
  takes: `<${takes}>`,
  help,
  fallback,
  from: (parsed) => parsed as string,
});

/** `--name <takes>`: one of a few texts, or undefined. */
export const choice = <const C extends readonly string[]>(
  takes: string,
  help: string,
  choices: C,
): OptionRecord<C[number] | undefined> => ({
  takes: `<${takes}>`,
  help,
  choices,
  from: (parsed) => parsed as C[number] | undefined,
});

/** The same option with a default value. */
export const withFallback = <T>(
  option: OptionRecord<T | undefined>,
  fallback: NonNullable<T>,
): OptionRecord<T> => ({
  ...(option as OptionRecord<T>),
  fallback,
});

/**
 * `--name <takes>`: the value that `read` returns for the text, or undefined.
 * @param read throws InvalidArgumentError for a text that is wrong; `before` is the value of earlier uses of the flag
 */
export const readValue = <T>(
  takes: string,
  help: string,
  read: (text: string, before: T | undefined) => T,
): OptionRecord<T | undefined> => ({
  takes: `<${takes}>`,
  help,
  read: (text, before) => read(text, before as T | undefined),
  from: (parsed) => parsed as T | undefined,
});

/** The same option, and in addition `--no-NAME`, whose value is false. */
export const negatable = <T>(option: OptionRecord<T>, help: string): OptionRecord<T | false> => ({
  ...(option as OptionRecord<T | false>),
  no: help,
});
