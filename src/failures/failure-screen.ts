import { styleText } from 'node:util';
import type { IngotError } from '../host/ingot-error.ts';
import { fitExcerpt } from './fit-excerpt.ts';
import type { FailureText, Recognised } from './recognise.ts';
import type { Rerun } from './rerun.ts';

/** Everything that is known about a failure. */
export interface Failure {
  readonly error: IngotError;
  /** The stages in which it happened, the outermost first. */
  readonly stages: readonly string[];
  /** Absolute folder of the logs of the run. */
  readonly logs?: string | undefined;
  readonly recognised?: Recognised | undefined;
  /** The end of the logs of the stage that failed. */
  readonly texts: readonly FailureText[];
  readonly again?: Rerun | undefined;
  /** The page that explains known failures, as a path from the working folder or an absolute one. */
  readonly guide?: string | undefined;
  /** The command that writes an archive for a bug report. */
  readonly bundle?: string | undefined;
  /** Absolute path of the file with all of this; undefined if it could not be written, and then nothing is left out. */
  readonly full?: string | undefined;
}

/** The size of the terminal, or of a page where there is none. */
export interface Screen {
  readonly rows: number;
  readonly columns: number;
  readonly colour: boolean;
}

const longestLine = 200;
const widest = 110;
const fewest = 6;

const shortened = (line: string, most: number): string =>
  line.length > most ? `${line.slice(0, most)} …` : line;

/** Breaks a text into lines; the first begins with a label, and the others are indented like it. */
function wrapped(label: string, text: string, columns: number): string[] {
  const indent = ' '.repeat(label.length);
  const lines: string[] = [];
  let line = label;
  for (const word of text.split(' ')) {
    const empty = line === label || line === indent;
    if (!empty && line.length + 1 + word.length > columns) {
      lines.push(line);
      line = `${indent}${word}`;
    } else line += `${empty ? '' : ' '}${word}`;
  }
  return [...lines, line];
}

/** The lines of the error itself, as `recognise` gets them. */
export const errorLines = ({ message, excerpt, hint }: IngotError): string[] => [
  ...message.split('\n'),
  ...excerpt,
  ...(hint ?? '').split('\n'),
];

/** Whether the message or the hint of the error says the cause already. */
const saysItself = ({ error, recognised }: Failure): boolean =>
  recognised?.text.kind === 'error' &&
  error.hint !== undefined &&
  (recognised.at < error.message.split('\n').length ||
    recognised.at >= error.message.split('\n').length + error.excerpt.length) &&
  error.exitCode === 2;

/** Lines of a log that show the cause, or the end of a log if the error has no lines of its own. */
function logLines({ error, recognised, texts }: Failure): string[] {
  if (recognised !== undefined && recognised.text.kind !== 'error') {
    const { text, at } = recognised;
    return [`${text.name}:`, ...text.lines.slice(Math.max(0, at - 3), at + 3).map((line) => `  ${line}`)];
  }
  if (error.excerpt.length > 0 || recognised !== undefined) return [];
  const last = texts.findLast(({ lines }) => lines.length > 0);
  return last === undefined
    ? []
    : [`the end of ${last.name}:`, ...last.lines.slice(-6).map((line) => `  ${line}`)];
}

function causeLines(failure: Failure, columns: number): string[] {
  const { recognised } = failure;
  if (recognised === undefined) return [];
  const { code, cause, remedy } = recognised.known;
  const own = saysItself(failure)
    ? []
    : [
        ...wrapped('  likely cause: ', cause.replaceAll('`', ''), columns),
        ...remedy.flatMap((one) => wrapped('  → ', one.replaceAll('`', ''), columns)),
      ];
  return [...own, `  known failure: ${code} (${failure.guide ?? 'docs/troubleshooting.md'}#${code})`];
}

/** The lines of the hint, and of the logs; a hint that only lists logs of the folder becomes names in its line. */
function hintAndLogs({ error: { hint }, logs }: Failure): { hint: string[]; logs: string[] } {
  const hints = hint === undefined ? [] : hint.split('\n').map((line) => `  → ${line}`);
  if (logs === undefined) return { hint: hints, logs: [] };
  const listed = /^the logs are kept: (.+)$/.exec(hint ?? '')?.[1]?.split(', ') ?? [];
  if (listed.length === 0 || !listed.every((file) => file.startsWith(`${logs}/`)))
    return { hint: hints, logs: [`  logs: ${logs}`] };
  const names = listed.map((file) => file.slice(logs.length + 1));
  return { hint: [], logs: [`  logs: ${logs} (${names.join(', ')})`] };
}

/**
 * The text of a failure for people, on one screen: what failed and where, the lines that show it, the likely cause, what
 * to do next, the command for only that part, where the logs are, and at the end the code, for scripts. Without anything
 * but the error it is that error: message, excerpt, hint, code.
 */
export function failureScreen(failure: Failure, { rows, columns, colour }: Screen): string {
  const paint = (format: 'red' | 'bold' | 'dim', line: string) =>
    colour ? styleText(format, line, { validateStream: false }) : line;
  const { error, stages, again, bundle, full } = failure;
  const kept = hintAndLogs(failure);
  const width = Math.min(columns, widest);
  const head = [`${paint('red', 'ingot:')} ${paint('bold', error.message)}`];
  const tail = [
    ...causeLines(failure, width),
    ...kept.hint.map((line) => paint('dim', line)),
    ...(again === undefined || error.hint?.includes(again.command) === true
      ? []
      : [`  again: ${again.command}   (${again.does})`]),
    ...kept.logs.map((line) => paint('dim', line)),
    ...(bundle === undefined ? [] : [paint('dim', `  to report it: ${bundle}`)]),
    paint('dim', `  code: ${error.code}`),
  ];
  const place = stages.length === 0 ? [] : [`  failed at: ${stages.join(' > ')}`];
  const fixed = error.message.split('\n').length + place.length + tail.length;
  const evidence = [...error.excerpt, ...logLines(failure)];
  const at =
    failure.recognised?.text.kind === 'error' ? failure.recognised.at - error.message.split('\n').length : -1;
  const room = full === undefined ? Infinity : Math.max(fewest, rows - fixed - 2);
  const { lines, left } = fitExcerpt(evidence, room, at);
  const most = full === undefined ? longestLine : Math.min(longestLine, Math.max(40, columns - 4));
  return `${[
    ...head,
    ...place,
    ...lines.map((line) => `  ${shortened(line, most)}`),
    ...(left === 0 ? [] : [paint('dim', `  (${left} more lines: ${full ?? ''})`)]),
    ...tail,
  ].join('\n')}\n`;
}
