import type { Flag, Operand, Usage } from '../record/usage.ts';
import { valueKind } from './value-kind.ts';

/** A word in single quotes, for zsh. */
const quoted = (text: string): string => `'${text.replaceAll("'", `'\\''`)}'`;

/** A text inside a specification of _arguments, where brackets and colons end parts of it. */
const escaped = (text: string): string => text.replace(/[\\[\]:]/g, '\\$&');

function action({ takes, choices }: { readonly takes: string; readonly choices: readonly string[] }): string {
  if (choices.length > 0) return `(${choices.join(' ')})`;
  const kind = valueKind(takes);
  if (kind === 'folders') return '_files -/';
  if (kind === 'yaml') return '_files -g "*.(yaml|yml)"';
  return kind === 'files' ? '_files' : ' ';
}

function optionSpec({ name, takes, several, valueOptional, help, choices }: Flag): string {
  const described = `${name}${takes === undefined || several ? '' : '='}[${escaped(help)}]`;
  if (takes === undefined) return quoted(described);
  const value = `${escaped(takes)}:${action({ takes, choices })}`;
  // The values of an option that takes several end at the next option.
  if (several) return quoted(`*${described}:*-*:${value}`);
  return quoted(`*${described}${valueOptional ? '::' : ':'}${value}`);
}

const operandSpec = (operand: Operand, index: number): string =>
  quoted(
    `${operand.several ? '*' : index + 1}${operand.optional ? '::' : ':'}${escaped(operand.takes)}:${action(operand)}`,
  );

const described = (word: string, { record }: Usage): string =>
  quoted(`${word.replaceAll(':', '\\:')}:${record.summary}`);

const functionName = (name: string): string => `_ingot_${name.replaceAll(/[ -]/g, '_')}`;

/** The function that completes one command; its subcommands have functions of their own. */
function commandFunction(usage: Usage): string[] {
  const { record, flags, operands, subcommands } = usage;
  const name = functionName(record.name);
  const [first] = operands;
  const below =
    subcommands.length === 0 || first === undefined
      ? []
      : [
          '  if ((CURRENT > 2)); then',
          '    case $words[2] in',
          ...subcommands.map(
            ({ word, usage: of }) =>
              `      ${word}) shift words; ((CURRENT--)); ${functionName(of.record.name)}; return ;;`,
          ),
          '    esac',
          '  fi',
        ];
  const firstOrSubcommand = quoted(`1:${escaped(first?.takes ?? 'command')}:${name}_first`);
  const specs = [
    ...flags.map(optionSpec),
    "'(- *)--help[print the help of the command]'",
    ...operands.map((one, index) =>
      index === 0 && subcommands.length > 0 ? firstOrSubcommand : operandSpec(one, index),
    ),
  ];
  const chooser =
    subcommands.length === 0 || first === undefined
      ? []
      : [
          `${name}_first() {`,
          '  local -a subcommands=(',
          ...subcommands.map(({ word, usage: of }) => `    ${described(word, of)}`),
          '  )',
          '  _alternative \\',
          `    'commands:command:_describe -t commands command subcommands' \\`,
          `    ${quoted(`files:${escaped(first.takes)}:${action(first)}`)}`,
          '}',
        ];
  return [
    `${name}() {`,
    ...below,
    '  _arguments -s -S \\',
    specs.map((spec) => `    ${spec}`).join(' \\\n'),
    '}',
    ...chooser,
    '',
  ];
}

/** The script with which zsh completes command lines of ingot: a file `_ingot` in fpath, or a text to source. */
export function zshScript(usages: readonly Usage[]): string {
  const top = usages.filter(({ record }) => !record.name.includes(' '));
  return [
    '#compdef ingot',
    '# Completion of ingot for zsh; "ingot completion zsh" prints it.',
    '',
    ...usages.flatMap(commandFunction),
    '_ingot_commands() {',
    '  local -a commands=(',
    ...top.map((usage) => `    ${described(usage.record.name, usage)}`),
    "    'help:print the help of a command'",
    '  )',
    '  _describe -t commands command commands',
    '}',
    '',
    '_ingot() {',
    '  local curcontext=$curcontext state line',
    '  typeset -A opt_args',
    "  _arguments -C '(- *)--help[list the commands]' '(- *)--version[print the version]' \\",
    "    '1:command:_ingot_commands' '*::argument:->rest' && return",
    '  [[ $state == rest ]] || return',
    '  case $line[1] in',
    ...top.map(({ record }) => `    ${record.name}) ${functionName(record.name)} ;;`),
    "    help) _arguments '1:command:_ingot_commands' ;;",
    '  esac',
    '}',
    '',
    '# As a file of fpath it is the function itself; a sourced text defines it.',
    'if [[ $zsh_eval_context[-1] == loadautofunc ]]; then _ingot "$@"; else compdef _ingot ingot; fi',
    '',
  ].join('\n');
}
