import { styleText } from 'node:util';

type Environment = Readonly<Record<string, string | undefined>>;
export type Colour = 'red' | 'green' | 'cyan' | 'dim' | 'bold';

/** The signs of a display, which a terminal without UTF-8 cannot show. */
export interface Signs {
  readonly done: string;
  readonly failed: string;
  readonly waiting: string;
  /** A running stage, one after another. */
  readonly running: readonly [string, ...string[]];
  readonly barFull: string;
  readonly barEmpty: string;
  readonly between: string;
  readonly more: string;
}

/** How a terminal may be drawn on. */
export interface TerminalStyle {
  readonly signs: Signs;
  /** Only ASCII can be shown. */
  readonly ascii: boolean;
  readonly paint: (colour: Colour, text: string) => string;
  /** Milliseconds between two frames. */
  readonly frameMs: number;
}

const unicodeSigns: Signs = {
  // Not U+2714 and U+2716, which some programs count as two columns wide (emoji).
  done: '✓',
  failed: '✗',
  waiting: '·',
  running: ['⠋', '⠙', '⠹', '⠸', '⠼', '⠴', '⠦', '⠧', '⠇', '⠏'],
  barFull: '█',
  barEmpty: '░',
  between: '│',
  more: '…',
};
const asciiSigns: Signs = {
  done: '+',
  failed: 'x',
  waiting: '.',
  running: ['-', '\\', '|', '/'],
  barFull: '#',
  barEmpty: '-',
  between: '|',
  more: '...',
};

const isSet = (value: string | undefined): boolean => value !== undefined && value !== '';

/** Whether programs may print UTF-8: the first of these variables that is set decides (locale(7)). */
function isUtf8({ LC_ALL, LC_CTYPE, LANG, TERM }: Environment): boolean {
  // The font of Linux' own console lacks most of our signs.
  if (TERM === 'linux') return false;
  const locale = [LC_ALL, LC_CTYPE, LANG].find(isSet) ?? '';
  return /utf-?8/i.test(locale);
}

/**
 * Chooses how to draw on a terminal: ASCII where the locale is not UTF-8, no colours with NO_COLOR (no-color.org), and
 * fewer frames over SSH.
 */
export function terminalStyle(env: Environment): TerminalStyle {
  const ascii = !isUtf8(env);
  const colours = !isSet(env['NO_COLOR']);
  const remote = isSet(env['SSH_CONNECTION']) || isSet(env['SSH_TTY']);
  return {
    ascii,
    signs: ascii ? asciiSigns : unicodeSigns,
    paint: (colour, text) => (colours ? styleText(colour, text, { validateStream: false }) : text),
    frameMs: remote ? 500 : 200,
  };
}
