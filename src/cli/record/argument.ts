/** One argument of a command, in the order of the record. */
export interface ArgumentRecord<T> {
  /** Its name in the help; with `...` at the end if there may be several. */
  readonly takes: string;
  readonly help: string;
  readonly optional?: true;
  readonly choices?: readonly string[];
  readonly fallback?: T;
  /** Returns the value of the parser with its type. */
  readonly from: (parsed: unknown) => T;
}

export type ArgumentRecords = Readonly<Record<string, ArgumentRecord<unknown>>>;

export type ArgumentValues<A extends ArgumentRecords> = {
  readonly [K in keyof A]: ReturnType<A[K]['from']>;
};

/** `<takes>`: required. */
export const argument = (takes: string, help: string): ArgumentRecord<string> => ({
  takes,
  help,
  from: (parsed) => parsed as string,
});

/** `<takes...>`: one or more. */
export const severalArguments = (takes: string, help: string): ArgumentRecord<readonly string[]> => ({
  takes: `${takes}...`,
  help,
  from: (parsed) => parsed as readonly string[],
});

/** `[takes]`: may be omitted. */
export const optionalArgument = (takes: string, help: string): ArgumentRecord<string | undefined> => ({
  takes,
  help,
  optional: true,
  from: (parsed) => parsed as string | undefined,
});

/** `[takes]` with a default value. */
export const argumentOr = (takes: string, help: string, fallback: string): ArgumentRecord<string> => ({
  takes,
  help,
  optional: true,
  fallback,
  from: (parsed) => parsed as string,
});

/** `<takes>`: one of a few words. */
export const choiceArgument = <const C extends readonly string[]>(
  takes: string,
  help: string,
  choices: C,
): ArgumentRecord<C[number]> => ({ takes, help, choices, from: (parsed) => parsed as C[number] });
