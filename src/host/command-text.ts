// A first word with an equals sign would be read as an assignment, so only an argument may have it bare.
const plainProgram = /^[A-Za-z0-9_@%+:,./-]+$/;
const plainArgument = /^[A-Za-z0-9_@%+=:,./-]+$/;

function quoted(word: string, plain = plainArgument): string {
  return plain.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`;
}

/** A command as a person would type it again in sh: words that need it are in single quotes. */
export function commandText(program: string, args: readonly string[]): string {
  return [quoted(program, plainProgram), ...args.map((word) => quoted(word))].join(' ');
}

/** The same with the folder and the variables that it was run with. */
export function commandAgain(
  program: string,
  args: readonly string[],
  { cwd, env }: { readonly cwd?: string; readonly env?: Readonly<Record<string, string>> },
): string {
  const folder = cwd === undefined ? '' : `cd ${quoted(cwd)} && `;
  const variables = Object.entries(env ?? {}).map(([name, value]) => `${name}=${quoted(value)} `);
  return `${folder}${variables.join('')}${commandText(program, args)}`;
}
