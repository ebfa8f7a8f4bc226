import { parseArgs, type ParseArgsConfig } from 'node:util';

type ParseTokens = NonNullable<ReturnType<typeof parseArgs<ParseArgsConfig & { tokens: true }>>['tokens']>;
type Token = ParseTokens[number];

/** The arguments of a command line, parsed without refusing anything, to recognise old forms. */
export interface LooseArgs {
  /** Values by name of the option; true for one without a value. */
  readonly options: ReadonlyMap<string, string | true>;
  readonly positionals: readonly string[];
  /** The arguments without these options and their values, and, if wanted, without the first positionals. */
  readonly without: (options: readonly string[], positionals?: number) => readonly string[];
}

/**
 * Parses arguments without refusing anything.
 * @param args the arguments of a command, without its name
 * @param withValue the options that take a value
 */
export function looseArgs(args: readonly string[], withValue: readonly string[]): LooseArgs {
  const { tokens } = parseArgs({
    args: [...args],
    options: Object.fromEntries(withValue.map((name) => [name, { type: 'string', multiple: true } as const])),
    strict: false,
    allowPositionals: true,
    tokens: true,
  });
  const options = new Map<string, string | true>();
  const positionals: string[] = [];
  for (const token of tokens) {
    if (token.kind === 'option') options.set(token.name, token.value ?? true);
    if (token.kind === 'positional') positionals.push(token.value);
  }
  return {
    options,
    positionals,
    without: (names, count = 0) => {
      const first = tokens.filter(({ kind }) => kind === 'positional').slice(0, count);
      const removed = new Set(
        [...tokens.filter((one) => one.kind === 'option' && names.includes(one.name)), ...first].flatMap(
          places,
        ),
      );
      return args.filter((_, index) => !removed.has(index));
    },
  };
}

/** The positions of a token in the arguments: two for an option whose value is a separate word. */
function places(token: Token): number[] {
  const twoWords = token.kind === 'option' && token.value !== undefined && !token.inlineValue;
  return twoWords ? [token.index, token.index + 1] : [token.index];
}
