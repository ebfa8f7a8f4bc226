import { type ErrorCode, errorCodes } from '../../host/error-codes.ts';
import { environment } from '../environment.ts';
import { exitStatuses } from '../exit-status.ts';
import { taskHeadings } from '../record/command-record.ts';
import { sentence } from '../record/help-text.ts';
import type { Flag, Operand, Usage } from '../record/usage.ts';
import { bold, italic, literal, macro, roffText } from './roff.ts';

/** What a manual page states besides its command. */
export interface Edition {
  /** The version of ingot. */
  readonly version: string;
  /** The day of that version, YYYY-MM-DD. */
  readonly date: string;
}

/** A manual page: the name of its file, `ingot-bake.1`, and its text. */
export interface ManualPage {
  readonly file: string;
  readonly text: string;
}

const pageName = (command: string): string => ['ingot', ...command.split(' ')].join('-');

const title = (name: string, { version, date }: Edition): string =>
  // mandoc reads a date only without escapes.
  `.TH ${roffText(name.toUpperCase())} 1 ${date} "ingot ${version}" "ingot manual"`;

const item = (term: string, ...body: readonly string[]): string[] => ['.TP', term, ...body];

const defaultText = (fallback: string | undefined): string =>
  fallback === undefined ? '' : ` (default: ${fallback})`;

const choicesText = (choices: readonly string[]): string =>
  choices.length === 0 ? '' : ` (${choices.join(', ')})`;

const detailOf = ({ help, choices, fallback }: Flag | Operand): string =>
  roffText(`${sentence(help).slice(0, -1)}${choicesText(choices)}${defaultText(fallback)}.`);

function flagTerm({ name, takes, several, valueOptional }: Flag): string {
  if (takes === undefined) return bold(name);
  const value = `${italic(takes)}${several ? ' ...' : ''}`;
  return `${bold(name)} ${valueOptional ? `[${value}]` : value}`;
}

function operandTerm({ takes, several, optional }: Operand): string {
  const word = `${italic(takes)}${several ? ' ...' : ''}`;
  return optional ? `[${word}]` : word;
}

function synopsis({ record, flags, operands }: Usage): string {
  const required = flags.filter((flag) => flag.required).map(flagTerm);
  const options = required.length < flags.length ? [`[${italic('options')}]`] : [];
  return [bold(`ingot ${record.name}`), ...options, ...required, ...operands.map(operandTerm)].join(' ');
}

const exitSection = [
  '.SH EXIT STATUS',
  ...exitStatuses.flatMap(({ status, means }) => item(bold(String(status)), roffText(sentence(means)))),
];

const reference = (name: string): string => `${bold(name)}(1)`;

async function commandPage(usage: Usage, edition: Edition): Promise<ManualPage> {
  const { record, flags, operands, subcommands } = usage;
  const name = pageName(record.name);
  const details = await record.details?.();
  const parent = record.name.includes(' ') ? [pageName(record.name.split(' ').slice(0, -1).join(' '))] : [];
  const related = ['ingot', ...parent, ...subcommands.map((one) => pageName(one.usage.record.name))];
  const lines = [
    title(name, edition),
    '.SH NAME',
    `${roffText(name)} \\- ${roffText(record.summary)}`,
    '.SH SYNOPSIS',
    synopsis(usage),
    ...subcommands.flatMap((one) => ['.br', synopsis(one.usage)]),
    '.SH DESCRIPTION',
    roffText(sentence(record.summary)),
    ...(operands.length === 0
      ? []
      : ['.SH ARGUMENTS', ...operands.flatMap((one) => item(operandTerm(one), detailOf(one)))]),
    '.SH OPTIONS',
    ...flags.flatMap((flag) => item(flagTerm(flag), detailOf(flag))),
    ...item(bold('--help'), 'Print the help of the command.'),
    ...(details === undefined ? [] : ['.SH DETAILS', ...literal(details.trim().split('\n'))]),
    '.SH EXAMPLES',
    ...record.examples.flatMap(({ line, does }, index) => [
      ...(index === 0 ? [] : ['.PP']),
      roffText(sentence(does)),
      ...literal([`  ${line}`]),
    ]),
    ...exitSection,
    '.SH ENVIRONMENT',
    `The variables are listed in ${reference('ingot')}.`,
    '.SH SEE ALSO',
    related.map(reference).join(', '),
  ];
  return { file: `${name}.1`, text: `${lines.join('\n')}\n` };
}

function mainPage(usages: readonly Usage[], edition: Edition): ManualPage {
  const commands = Object.entries(taskHeadings).flatMap(([task, heading]) => [
    macro('SS', heading.replace(/:$/, '')),
    ...usages
      .filter(({ record }) => record.task === task)
      .flatMap(({ record }) => item(reference(pageName(record.name)), roffText(sentence(record.summary)))),
  ]);
  const codes = Object.entries(errorCodes) as [ErrorCode, (typeof errorCodes)[ErrorCode]][];
  const lines = [
    title('ingot', edition),
    '.SH NAME',
    'ingot \\- bake the golden images of a Mesosphere cluster',
    '.SH SYNOPSIS',
    `${bold('ingot')} ${italic('command')} [${italic('options')}] [${italic('arguments')}]`,
    '.br',
    `${bold('ingot help')} [${italic('command')}]`,
    '.br',
    bold('ingot --version'),
    '.SH DESCRIPTION',
    'Bakes the two golden machine images of a Mesosphere cluster, master and slave, from one cluster.yaml.',
    'An image is published only after it has booted and passed its checks.',
    '.PP',
    'Data is printed on standard output; all that a person reads, also errors, on standard error.',
    '.SH COMMANDS',
    ...commands,
    ...exitSection,
    '.SH ERRORS',
    'The last line of an error has a code that scripts can compare. The exit status follows from the code.',
    ...codes.flatMap(([code, { exit, means }]) =>
      item(bold(code), roffText(`Exit status ${exit}: ${means}.`)),
    ),
    '.SH ENVIRONMENT',
    ...environment.flatMap(({ name, sets }) => item(bold(name), roffText(sentence(sets)))),
    '.SH SEE ALSO',
    usages.map(({ record }) => reference(pageName(record.name))).join(', '),
  ];
  return { file: 'ingot.1', text: `${lines.join('\n')}\n` };
}

/** The manual page of ingot, and one for each command, made from the same records as the help. */
export async function manualPages(usages: readonly Usage[], edition: Edition): Promise<ManualPage[]> {
  return [
    mainPage(usages, edition),
    ...(await Promise.all(usages.map((usage) => commandPage(usage, edition)))),
  ];
}
