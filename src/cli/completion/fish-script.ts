import type { Usage } from '../record/usage.ts';
import { valueKind } from './value-kind.ts';

/** A word in single quotes, for fish, in which only a quote and a backslash have a meaning. */
const quoted = (text: string): string => `'${text.replace(/['\\]/g, '\\$&')}'`;

/** The flags of `complete` for a value: -F for files, -f for none. */
function value({ takes, choices }: { readonly takes: string; readonly choices: readonly string[] }): string {
  if (choices.length > 0) return `-f -a ${quoted(choices.join(' '))}`;
  const kind = valueKind(takes);
  if (kind === 'folders') return "-f -a '(__fish_complete_directories)'";
  if (kind === 'yaml') return "-f -a '(__ingot_yaml)'";
  return kind === 'files' ? '-F' : '-f';
}

function linesOf({ record, flags, operands, subcommands }: Usage): string[] {
  const at = `complete -c ingot -n ${quoted(`__ingot_at ${quoted(record.name)}`)}`;
  const first = `complete -c ingot -n ${quoted(`__ingot_at ${quoted(record.name)} 0`)}`;
  const place = (several: boolean, index: number) =>
    several ? at : `complete -c ingot -n ${quoted(`__ingot_at ${quoted(record.name)} ${index}`)}`;
  return [
    `# ${record.name}`,
    ...flags.map(({ name, takes, help, choices, valueOptional }) => {
      if (takes === undefined) return `${at} -l ${name.slice(2)} -d ${quoted(help)}`;
      const taken = [valueOptional ? '' : '-r', value({ takes, choices })].join(' ');
      return `${at} -l ${name.slice(2)} -d ${quoted(help)} ${taken}`.trimEnd();
    }),
    `${at} -l help -d 'print the help of the command'`,
    ...subcommands.map(({ word, usage }) => `${first} -a ${word} -d ${quoted(usage.record.summary)}`),
    ...operands
      .map((operand, index) => ({ from: place(operand.several, index), what: value(operand) }))
      .filter(({ what }) => what !== '-f')
      .map(({ from, what }) => `${from} ${what}`),
    '',
  ];
}

/** The script with which fish completes command lines of ingot. */
export function fishScript(usages: readonly Usage[]): string {
  const names = usages.map(({ record }) => record.name);
  const top = usages.filter(({ record }) => !record.name.includes(' '));
  const takesOne = usages.flatMap(({ record, flags }) =>
    flags
      .filter(({ takes, several }) => takes !== undefined && !several)
      .map(({ name }) => quoted(`${record.name} ${name}`)),
  );
  const takesSeveral = usages.flatMap(({ record, flags }) =>
    flags.filter(({ several }) => several).map(({ name }) => quoted(`${record.name} ${name}`)),
  );
  return `# Completion of ingot for fish; "ingot completion fish" prints it.

set -g __ingot_commands ${[...names, 'help'].map(quoted).join(' ')}
set -g __ingot_takes_one ${takesOne.join(' ')}
set -g __ingot_takes_several ${takesSeveral.join(' ')}

# Whether the words before the cursor are the command $argv[1] and, if it is named, $argv[2] arguments.
function __ingot_at
    set -l command ''
    set -l position 0
    set -l takes none
    for word in (commandline -opc)[2..]
        set -l longer (string trim -- "$command $word")
        if test $takes = one
            set takes none
        else if string match -q -- '--*=*' $word
            set takes none
        else if string match -q -- '-*' $word
            set takes none
            contains -- "$command $word" $__ingot_takes_one && set takes one
            contains -- "$command $word" $__ingot_takes_several && set takes several
        else if test $takes = several
            continue
        else if test $position -eq 0 && contains -- $longer $__ingot_commands
            set command $longer
        else
            set position (math $position + 1)
        end
    end
    test "$command" = "$argv[1]" || return 1
    test (count $argv) -lt 2 || test $position -eq $argv[2]
end

# YAML files and folders. Of a command that fish does not know, it completes files.
function __ingot_yaml
    string match -r -- '^.*(?:\\.ya?ml|/)$' (complete -C "__ingot_no_command "(commandline -ct))
end

complete -c ingot -f
complete -c ingot -n '__ingot_at "" 0' -l help -d 'list the commands'
complete -c ingot -n '__ingot_at "" 0' -l version -d 'print the version'
${top.map(({ record }) => `complete -c ingot -n '__ingot_at "" 0' -a ${record.name} -d ${quoted(record.summary)}`).join('\n')}
complete -c ingot -n '__ingot_at "" 0' -a help -d 'print the help of a command'
complete -c ingot -n '__ingot_at help 0' -a ${quoted(top.map(({ record }) => record.name).join(' '))}

${usages.flatMap(linesOf).join('\n')}`;
}
