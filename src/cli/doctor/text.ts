import { checkNames, type Finding } from '../../doctor/finding.ts';
import type { doctorShape } from '../shapes/small-shapes.ts';
import type { DocumentOf } from '../shared/json-text.ts';
import { wrappedText } from '../shared/wrapped-text.ts';

/** Narrower terminals get the text below the state instead of next to it. */
const narrow = 60;

interface Row {
  readonly state: string;
  readonly check: string;
  readonly text: string;
}

function rowText({ state, check, text }: Row, width: number): string {
  const [states, checks] = [9, 13];
  if (width < narrow) return `${state} ${check}\n  ${wrappedText(text, width - 2, '  ')}`;
  const indent = states + checks;
  return `${state.padEnd(states)}${check.padEnd(checks)}${wrappedText(text, width - indent, ' '.repeat(indent))}`;
}

/** The line of a check in which everything is right. */
function summaryOf(check: string, findings: readonly Finding[]): Row {
  const [only] = findings;
  const text =
    findings.length === 1 && only !== undefined
      ? only.text
      : check === 'programs'
        ? `${findings.length} programs are installed`
        : findings.map((one) => one.text).join('; ');
  return { state: 'ok', check, text };
}

function findingText({ check, state, text, remedy }: Finding, width: number): string {
  // A command is not broken into lines, so that it can be copied.
  const mend = remedy === undefined ? '' : `\n  → ${remedy.command}`;
  return `${rowText({ state, check, text }, width)}${mend}`;
}

/**
 * What `ingot doctor` prints for people: a line for each check in which everything is right, and one for each warning and
 * problem with what mends it. Ends in a newline.
 * @param verbose a line for everything that was checked
 * @param width of the terminal in columns
 */
export function findingsText(findings: readonly Finding[], verbose: boolean, width: number): string {
  const lines: string[] = [];
  for (const check of checkNames) {
    const own = findings.filter((one) => one.check === check);
    const right = own.filter((one) => one.state === 'ok');
    if (verbose) lines.push(...right.map((one) => findingText(one, width)));
    else if (right.length > 0) lines.push(rowText(summaryOf(check, right), width));
    lines.push(...own.filter((one) => one.state !== 'ok').map((one) => findingText(one, width)));
  }
  return `${lines.join('\n')}\n`;
}

/**
 * The findings as JSON, in ASCII.
 * @param fixed the commands whose work `--fix` has done
 */
export function findingsJson(findings: readonly Finding[], fixed: readonly string[]): string {
  const value: DocumentOf<typeof doctorShape> = {
    schema: 1,
    ready: !findings.some(({ state }) => state === 'problem'),
    findings: findings.map(({ check, state, text, remedy }) => ({
      check,
      state,
      text,
      remedy: remedy === undefined ? null : { command: remedy.command, safe: remedy.fix !== undefined },
    })),
    fixed,
  };
  const ascii = JSON.stringify(value, null, 2).replaceAll(
    /[\u0080-\uffff]/g,
    (letter) => `\\u${letter.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
  return `${ascii}\n`;
}
