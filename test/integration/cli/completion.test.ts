import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { commands } from '../../../src/cli/commands.ts';
import { type Shell, shells } from '../../../src/cli/completion/options.ts';
import { completionOf } from '../../../src/cli/completion/run.ts';
import { makeHost } from '../../../src/host/make-host.ts';
import { fakeWorld } from '../../samples/world.ts';

const host = makeHost();
let folder: string;

/** What a shell reads at its start: a program ingot that only records its arguments, and the completion. */
const starts: Readonly<Record<Shell, (script: string, record: string) => string>> = {
  bash: (script, record) =>
    `PS1='$ '; bind 'set bell-style none'; source ${script}\ningot() { { printf '<%s>' "$@"; echo; } >> ${record}; }\n`,
  zsh: (script, record) =>
    `PS1='$ '; unsetopt beep; autoload -U compinit && compinit -D -u; source ${script}\ningot() { { printf '<%s>' "$@"; echo; } >> ${record}; }\n`,
  fish: (script, record) =>
    `set -g fish_greeting; source ${script}\nfunction ingot; begin; printf '<%s>' $argv; echo; end >> ${record}; end\n`,
};

async function startFile(shell: Shell, record: string): Promise<readonly string[]> {
  const script = join(folder, `completion.${shell}`);
  const { world, out } = fakeWorld();
  await completionOf(commands.map((one) => one.record))(world, { shell });
  await writeFile(script, out());
  const home = join(folder, `home-${shell}`);
  await mkdir(join(home, '.config/fish'), { recursive: true });
  const name = { bash: '.bashrc', zsh: '.zshrc', fish: '.config/fish/config.fish' }[shell];
  await writeFile(join(home, name), starts[shell](script, record));
  return [
    'env',
    '-i',
    `HOME=${home}`,
    `ZDOTDIR=${home}`,
    `PATH=${process.env['PATH'] ?? ''}`,
    'TERM=dumb',
    shell,
  ];
}

/** Types lines into a real interactive shell; returns the arguments that ingot gets, a line for each. */
async function typed(shell: Shell, lines: readonly string[]): Promise<string[]> {
  const record = join(folder, `record-${shell}`);
  await rm(record, { force: true });
  const command = await startFile(shell, record);
  // zsh removes the slash of a folder at Enter.
  const { stdout } = await host.run(
    'python3',
    [
      '-B',
      join(import.meta.dirname, 'type-in-shell.py'),
      record,
      ...command,
      ...(shell === 'fish' ? [] : ['-i']),
    ],
    { cwd: join(folder, 'work'), input: `${lines.join('\n')}\n` },
  );
  return stdout.trimEnd().replaceAll('/>', '>').split('\n');
}

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'ingot-completion-'));
  await mkdir(join(folder, 'work/rendered folder'), { recursive: true });
  for (const name of ['cluster.yaml', 'cluster.txt', 'release.pem', 'my site.yml'])
    await writeFile(join(folder, 'work', name), '');
});
afterAll(async () => {
  await rm(folder, { recursive: true });
});

const cases: readonly (readonly [what: string, keys: string, words: string])[] = [
  ['a command', 'ingot sche\\t', '<schema>'],
  ['a subcommand', 'ingot lock exp\\t', '<lock><export>'],
  ['an option', 'ingot bake --exp\\t', '<bake><--explain>'],
  ['an option of a subcommand', 'ingot netboot serve --interf\\t', '<netboot><serve><--interface>'],
  ['the opposite of an option', 'ingot bake --no-ca\\t', '<bake><--no-cache>'],
  ['one of a few values', 'ingot bake --role sl\\t', '<bake><--role><slave>'],
  ['the shell', 'ingot completion fi\\t', '<completion><fish>'],
  ['a spec: only YAML files', 'ingot check clu\\t', '<check><cluster.yaml>'],
  [
    'a spec after an option with a value',
    'ingot bake --role slave clu\\t',
    '<bake><--role><slave><cluster.yaml>',
  ],
  ['a spec of a command with subcommands', 'ingot lock clu\\t', '<lock><cluster.yaml>'],
  ['a spec with a space', 'ingot check my\\t', '<check><my site.yml>'],
  ['a key: any file', 'ingot bake --sign rel\\t', '<bake><--sign><release.pem>'],
  [
    'a folder with a space',
    'ingot render cluster.yaml --out ren\\t',
    '<render><cluster.yaml><--out><rendered folder>',
  ],
  ['help of a command', 'ingot help repro\\t', '<help><reproduce>'],
];

describe.each(shells)('completion in %s, typed into the shell itself', (shell) => {
  it('completes commands, options, values and files', async () => {
    const answers = await typed(
      shell,
      cases.map(([, keys]) => keys),
    );
    const got = cases.map(([what], index) => [what, answers[index]]);
    expect(got).toEqual(cases.map(([what, , words]) => [what, words]));
  });

  it('offers no option of another command, and no file where a number is expected', async () => {
    const lines = ['ingot check --expl\\t', 'ingot gc --keep-versions clus\\t'];
    expect(await typed(shell, lines)).toEqual(['<check><--expl>', '<gc><--keep-versions><clus>']);
  });
});
