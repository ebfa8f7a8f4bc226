import { withoutBlocks } from './pages.ts';

/** A command that a page shows. */
export interface PageCommand {
  /** The line of the page, from 1. */
  readonly line: number;
  /** The program without its folder, for example `ingot`. */
  readonly program: string;
  readonly args: readonly string[];
}

/** A part of a shell line: an operator, a comment, or a word with its quotes. */
const part =
  /\s*(?:(?<end>&&|\|\|?|;)|(?<redirect>\d?[<>]+&?\s*\S*)|(?<comment>#.*)|(?<word>(?:"[^"]*"|'[^']*'|\\.|[^\s"'\\;&|<>])+))/gy;

/** The simple commands of a shell line as lists of words, without redirections and comments. */
export function shellCommands(line: string): string[][] {
  const commands: string[][] = [[]];
  for (const { groups = {} } of line.matchAll(part)) {
    if (groups['comment'] !== undefined) break;
    if (groups['end'] !== undefined) commands.push([]);
    if (groups['word'] !== undefined) commands.at(-1)?.push(groups['word'].replaceAll(/["']|\\(?=.)/g, ''));
  }
  return commands.filter((words) => words.length > 0);
}

const setting = /^[A-Z][A-Z_0-9]*=/;
const before = new Set(['sudo', 'npx', 'nohup', 'time', 'exec', 'do', 'then', '-', 'run:']);

/** The program that a simple command starts and its arguments, without what comes before it. */
function started(words: readonly string[], line: number): PageCommand[] {
  const at = words.findIndex((word) => !before.has(word) && !setting.test(word));
  const [path, ...args] = at < 0 ? [] : words.slice(at);
  return path === undefined ? [] : [{ line, program: path.replace(/^(?:.*\/)?bin\//, ''), args }];
}

/**
 * The commands in the code blocks of a page. If a block has lines that begin with `$ `, it is a transcript: its other
 * lines are output. A line that ends with a backslash continues.
 */
export function blockCommands(text: string): PageCommand[] {
  const commands: PageCommand[] = [];
  for (const match of text.matchAll(/^( *)(```+)(\w*)\n([\s\S]*?)^\1\2$/gm)) {
    const [whole, indent = '', , language = '', block = ''] = match;
    if (['json', 'ts', 'toml', 'text'].includes(language)) continue;
    const first = text.slice(0, match.index).split('\n').length + 1;
    const lines = block.replaceAll(/\\\n/g, '\\\u0000').split('\n');
    const transcript = /^ *\$ /m.test(whole);
    let line = first;
    for (const shown of lines) {
      const joined = shown.replaceAll('\\\u0000', ' ').slice(indent.length);
      const typed = language === 'yaml' ? joined.replace(/^\s*(?:- )?/, '') : joined;
      if (!transcript || typed.startsWith('$ '))
        for (const words of shellCommands(typed.replace(/^\$ /, ''))) commands.push(...started(words, line));
      line += 1 + (shown.match(/\u0000/g)?.length ?? 0);
    }
  }
  return commands;
}

/** The commands that the prose of a page names in code spans. */
export function namedCommands(text: string): PageCommand[] {
  return withoutBlocks(text)
    .split('\n')
    .flatMap((line, index) =>
      [...line.matchAll(/`([^`]+)`/g)].flatMap(([, span = '']) =>
        shellCommands(span).flatMap((words) => started(words, index + 1)),
      ),
    );
}
