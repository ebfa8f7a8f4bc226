// A first word with an equals sign would be read as an assignment, so only arguments may contain it unquoted.
const plainProgram = /^[A-Za-z0-9_@%+:,./-]+$/;
const plainArgument = /^[A-Za-z0-9_@%+=:,./-]+$/;

function quoted(word: string, plain = plainArgument): string {
  return plain.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`;
}

/** A command in a form that a person can type into sh: words are in single quotes where necessary. */
export function commandText(program: string, args: readonly string[]): string {
  return [quoted(program, plainProgram), ...args.map((word) => quoted(word))].join(' ');
}

/** The same, with the folder and the variables that the command was run with. */
export function rerunCommand(
  program: string,
  args: readonly string[],
  { cwd, env }: { readonly cwd?: string; readonly env?: Readonly<Record<string, string>> },
): string {
  const folder = cwd === undefined ? '' : `cd ${quoted(cwd)} && `;
  const variables = Object.entries(env ?? {}).map(([name, value]) => `${name}=${quoted(value)} `);
  return `${folder}${variables.join('')}${commandText(program, args)}`;
}
