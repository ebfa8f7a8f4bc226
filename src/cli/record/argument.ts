/** One argument of a command, in the order of the record. */
export interface ArgumentRecord<T> {
  /** How the help writes it; `...` at the end: several. */
  readonly takes: string;
  readonly help: string;
  readonly optional?: true;
  readonly fallback?: T;
  /** Carries the type; the parser gives the value as it is. */
  readonly from: (parsed: unknown) => T;
}

export type ArgumentRecords = Readonly<Record<string, ArgumentRecord<unknown>>>;

export type ArgumentValues<A extends ArgumentRecords> = {
  readonly [K in keyof A]: ReturnType<A[K]['from']>;
};

/** `<takes>`: has to be given. */
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

/** `[takes]` with a value for when it is omitted. */
export const argumentOr = (takes: string, help: string, fallback: string): ArgumentRecord<string> => ({
  takes,
  help,
  optional: true,
  fallback,
  from: (parsed) => parsed as string,
});
