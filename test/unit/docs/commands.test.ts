import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, test } from 'vitest';
import { readCommandLine } from '../../../src/cli/command-line.ts';
import { commands } from '../../../src/cli/commands.ts';
import {
  blockCommands,
  namedCommands,
  type PageCommand,
  shellCommands,
} from '../../samples/page-commands.ts';
import { pages, readPage } from '../../samples/pages.ts';
import { fakeWorld } from '../../samples/world.ts';

const project = join(import.meta.dirname, '../../..');
// Decisions and the changelog keep the commands of their time.
const current = pages().filter((file) => !file.startsWith('docs/decisions/') && file !== 'CHANGELOG.md');

const shown = (page: string, { line, program, args }: PageCommand) =>
  `${page}:${line}: ${[program, ...args].join(' ')}`;

/** What the command line says against a line, which is not run; '' if it is valid. */
async function complaint(args: readonly string[]): Promise<string> {
  const { world, err } = fakeWorld();
  const ended = await readCommandLine(world, args, () => Promise.resolve());
  return ended === undefined || ended === 0 ? err() : `${err()}exit status ${ended}`;
}

/** The flags of a command: `--name` of its record, and of all commands. */
function flagsOf(name: string): string[] {
  const options = commands.find(({ record }) => record.name === name)?.record.options ?? {};
  const own = Object.entries(options).flatMap(([key, { negated, no }]) => {
    const flag = key.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
    return [...(negated === true ? [] : [`--${flag}`]), ...(negated === true || no ? [`--no-${flag}`] : [])];
  });
  return [...own, '--help', '--version'];
}

/** What is wrong with a command that prose names, which may have placeholders and omit arguments; '' if nothing. */
function namedComplaint(args: readonly string[]): string {
  // A page may name a former form as one.
  const former = commands.find(({ record }) => record.name === args[0])?.record.oldForm;
  const asFolders = args.slice(1).map((arg) => (arg.startsWith('DIR') ? '.' : arg));
  if (former?.(asFolders, fakeWorld().world) !== undefined) return '';
  const words = args.filter((arg) => !arg.startsWith('-'));
  const names = commands.map(({ record }) => record.name);
  const name = [words.slice(0, 2).join(' '), words[0] ?? ''].find((one) => names.includes(one));
  if (name === undefined && words.length > 0 && words[0] !== 'COMMAND' && words[0] !== 'help')
    return `no command ${words[0] ?? ''}`;
  const flags = name === undefined ? ['--help', '--version'] : flagsOf(name);
  const unknown = args.filter((arg) => arg.startsWith('--') && !flags.includes(arg.replace(/=.*$/, '')));
  return unknown.map((flag) => `no option ${flag}`).join(', ');
}

describe('every command that a page shows', () => {
  test.each(current)('%s: the lines that start ingot are valid, in their current form', async (page) => {
    for (const command of blockCommands(readPage(page)).filter(({ program }) => program === 'ingot'))
      expect([shown(page, command), await complaint(command.args)]).toEqual([shown(page, command), '']);
  });

  test.each(current)('%s: the text names only commands and options that exist', (page) => {
    for (const command of namedCommands(readPage(page)).filter(({ program }) => program === 'ingot'))
      expect([shown(page, command), namedComplaint(command.args)]).toEqual([shown(page, command), '']);
  });

  it('is a target of the Makefile, if it starts make', () => {
    const targets = new Set(
      [...readPage('Makefile').matchAll(/^([a-z][a-z0-9-]*):/gm)].map(([, name]) => name),
    );
    const unknown = current.flatMap((page) =>
      [...blockCommands(readPage(page)), ...namedCommands(readPage(page))]
        .filter(({ program }) => program === 'make')
        .filter(({ args }) => args.some((arg) => /^[a-z]/.test(arg) && !targets.has(arg)))
        .map((command) => shown(page, command)),
    );
    expect(unknown).toEqual([]);
  });

  it('is a program of a node with options that its source has, if it starts one', () => {
    const sources = readdirSync(join(project, 'node-tools'), { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile() && !entry.name.endsWith('.pyc'))
      .map(({ parentPath, name }) => ({ name, text: readFileSync(join(parentPath, name), 'utf8') }));
    const unknown = current.flatMap((page) =>
      blockCommands(readPage(page))
        .filter(({ program }) => /^ingot-[a-z-]+$/.test(program))
        .filter(
          ({ program, args }) =>
            !sources.some(({ name }) => name === program) ||
            args
              .filter((arg) => arg.startsWith('--'))
              .some((arg) => !sources.some(({ text }) => text.includes(`"${arg.replace(/=.*/, '')}"`))),
        )
        .map((command) => shown(page, command)),
    );
    expect(unknown).toEqual([]);
  });
});

describe('the reader of commands', () => {
  it('finds commands after a prompt, sudo, settings and &&, and leaves output, comments and redirections out', () => {
    const text = [
      '```',
      '$ sudo INGOT_ACCEL=tcg bin/ingot bake a.yaml --sign "my key.pem" > log 2>&1 # slow',
      'ingot wrote nothing',
      '$ cp a b && ingot check a.yaml | less',
      '```',
      'and `ingot gc --json`',
      '```sh',
      'ingot diff \\',
      '  one two',
      'ingot keygen',
      '```',
    ].join('\n');
    const found = blockCommands(text).filter(({ program }) => program === 'ingot');
    expect(found.map(({ line, args }) => [line, ...args])).toEqual([
      [2, 'bake', 'a.yaml', '--sign', 'my key.pem'],
      [4, 'check', 'a.yaml'],
      [8, 'diff', 'one', 'two'],
      [10, 'keygen'],
    ]);
    expect(namedCommands(text)).toEqual([{ line: 6, program: 'ingot', args: ['gc', '--json'] }]);
    expect(shellCommands("a 'b c';d # e")).toEqual([['a', 'b c'], ['d']]);
  });

  it('finds a command, an option and an argument that do not exist', async () => {
    expect(await complaint(['bake', 'a.yaml', '--no-such-option'])).toContain('no-such-option');
    expect(await complaint(['bakes', 'a.yaml'])).toContain('bakes');
    expect(await complaint(['verify', 'SPEC', '--reproduce'])).toContain('deprecated');
    expect(namedComplaint(['bakes'])).toBe('no command bakes');
    expect(namedComplaint(['lock', 'SPEC', '--updates', 'NAME'])).toBe('no option --updates');
    expect(namedComplaint(['lock', 'check', '--help'])).toBe('');
  });
});
