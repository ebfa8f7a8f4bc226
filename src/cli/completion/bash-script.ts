import type { Flag, Operand, Usage } from '../record/usage.ts';
import { valueKind } from './value-kind.ts';

/** A word in single quotes, for bash. */
const quoted = (text: string): string => `'${text.replaceAll("'", `'\\''`)}'`;

/** The assignments that state what completes a value. */
const kindOf = ({
  takes,
  choices,
}: {
  readonly takes: string;
  readonly choices: readonly string[];
}): string =>
  choices.length > 0 ? `kind=words values=${quoted(choices.join(' '))}` : `kind=${valueKind(takes)}`;

function optionCase(command: string, flag: Flag): string[] {
  const { name, takes, several, choices } = flag;
  if (takes === undefined) return [];
  return [
    `    ${quoted(`${command} ${name}`)}) takes=${several ? 'several' : 'one'} ${kindOf({ takes, choices })} ;;`,
  ];
}

const operandCase = (command: string, operand: Operand, index: number): string =>
  `    ${operand.several ? `${quoted(`${command} `)}*` : quoted(`${command} ${index}`)}) ${kindOf(operand)} ;;`;

const wordsCase = (command: string, subcommands: readonly string[], flags: readonly string[]): string =>
  `    ${quoted(command)}) subcommands=${quoted(subcommands.join(' '))} flags=${quoted(flags.join(' '))} ;;`;

const functions = `
# Completes $cur as $kind says: one of $values, or files.
__ingot_value() {
  local plain=\${cur#[\\"\\']}
  plain=\${plain//\\\\/}
  case $kind in
    words) mapfile -t -O "\${#COMPREPLY[@]}" COMPREPLY < <(compgen -W "$values" -- "$cur") ;;
    folders) compopt -o dirnames ;;
    files) compopt -o default ;;
    yaml)
      mapfile -t -O "\${#COMPREPLY[@]}" COMPREPLY < <(
        compgen -f -X '!*.yaml' -- "$plain"
        compgen -f -X '!*.yml' -- "$plain"
        compgen -d -- "$plain"
      )
      compopt -o filenames -o default
      ;;
  esac
}

_ingot() {
  local cur=\${COMP_WORDS[COMP_CWORD]} command='' ended='' takes='' kind='' values='' subcommands='' flags='' word
  local -i index position=0
  local -a words=()
  COMPREPLY=()
  # Bash splits --out=x into three words.
  for ((index = 1; index < COMP_CWORD; index++)); do
    word=\${COMP_WORDS[index]}
    [[ $word == = && \${COMP_WORDS[index - 1]} == --* ]] || words+=("$word")
  done
  [[ $cur == = ]] && cur=''
  for word in "\${words[@]}"; do
    if [[ $takes == one ]]; then
      takes=''
    elif [[ -z $ended && $word == -- ]]; then
      ended=1 takes=''
    elif [[ -z $ended && $word == -* ]]; then
      __ingot_option "$command" "$word"
    elif [[ $takes != several ]]; then
      __ingot_words "$command"
      if ((position == 0)) && [[ " $subcommands " == *" $word "* ]]; then
        command=\${command:+$command }$word
      else
        position+=1
      fi
    fi
  done
  if [[ $takes == one || ($takes == several && $cur != -*) ]]; then
    __ingot_value
    return
  fi
  __ingot_words "$command"
  if [[ -z $ended && $cur == -* ]]; then
    mapfile -t COMPREPLY < <(compgen -W "$flags" -- "$cur")
    return
  fi
  if ((position == 0)); then
    mapfile -t COMPREPLY < <(compgen -W "$subcommands" -- "$cur")
  fi
  kind='' values=''
  __ingot_operand "$command" "$position"
  __ingot_value
}
complete -F _ingot ingot
`;

/** The script with which bash completes command lines of ingot; it needs no other package. */
export function bashScript(usages: readonly Usage[]): string {
  const top = usages.map(({ record }) => record.name).filter((name) => !name.includes(' '));
  const options = usages.flatMap(({ record, flags }) =>
    flags.flatMap((flag) => optionCase(record.name, flag)),
  );
  const operands = usages.flatMap(({ record, operands: all }) =>
    all.map((operand, index) => operandCase(record.name, operand, index)),
  );
  const words = usages.map(({ record, flags, subcommands }) =>
    wordsCase(
      record.name,
      subcommands.map(({ word }) => word),
      [...flags.map(({ name }) => name), '--help'],
    ),
  );
  return [
    '# Completion of ingot for bash; "ingot completion bash" prints it.',
    '',
    '# Sets what the option $2 of the command $1 takes.',
    '__ingot_option() {',
    "  takes='' kind='' values=''",
    '  case "$1 $2" in',
    ...options,
    '  esac',
    '}',
    '',
    '# Sets what the argument number $2 of the command $1 is.',
    '__ingot_operand() {',
    '  case "$1 $2" in',
    ...operands,
    `    'help 0') kind=words values=${quoted(top.join(' '))} ;;`,
    '  esac',
    '}',
    '',
    '# Sets the subcommands and the options of the command $1.',
    '__ingot_words() {',
    "  subcommands='' flags=''",
    '  case "$1" in',
    wordsCase('', [...top, 'help'], ['--help', '--version']),
    ...words,
    '  esac',
    '}',
    functions,
  ].join('\n');
}
