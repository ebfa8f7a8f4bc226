import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { temporaryFolder } from '../../samples/temporary.ts';
import { printsAs, runTutorial, tutorialCommands, tutorialFaults } from '../../samples/tutorial.ts';

const page = readFileSync(join(import.meta.dirname, '../../../docs/tutorial.md'), 'utf8');
const pageOf = (comment: string, ...lines: string[]) =>
  `${comment}\n\n\`\`\`console\n${lines.join('\n')}\n\`\`\`\n`;

describe('the tutorial', () => {
  test('has no command that no test runs, except the installation', () => {
    const commands = tutorialCommands(page);
    expect(commands.filter(({ kind }) => kind === 'by hand').map(({ command }) => command)).toEqual([
      'git clone https://example.org/ingot.git',
      'cd ingot',
      'make setup',
    ]);
    expect(commands.filter(({ kind }) => kind === 'now').length).toBeGreaterThan(10);
    expect(commands.filter(({ kind }) => kind === 'bake').length).toBeGreaterThan(5);
  });

  test('leads from an empty machine to a cluster: init, check, lock, bake, seed and rehearse in this order', () => {
    const steps = tutorialCommands(page).flatMap(({ command }) => /^ingot ([a-z]+)/.exec(command)?.[1] ?? []);
    expect([...new Set(steps)]).toEqual(['doctor', 'init', 'check', 'lock', 'bake', 'seed', 'rehearse']);
  });
});

describe('the test of a tutorial', () => {
  test('refuses a block that does not say when it can be run', () => {
    expect(() => tutorialCommands('text\n\n```console\n$ true\n```\n')).toThrow('line 3');
    expect(() => tutorialCommands('<!-- tutorial: now -->\n\n```sh\ntrue\n```\n')).toThrow('line 3');
  });

  test.each<[string[], string[], boolean]>([
    [['a', 'b'], ['a', 'b'], true],
    [['a'], ['a', 'b'], false],
    [['a', 'b'], ['a'], false],
    [['…', 'b'], ['x', 'y', 'b'], true],
    [['…', 'b'], ['b'], true],
    [['…', 'b'], ['x', 'y'], false],
    [['a', '…'], ['a'], true],
    [['…'], [], true],
    [['…/demo/x_…_all.deb'], ['/root/demo/x_1.0_all.deb'], true],
    [['…/demo/x_…_all.deb'], ['/root/demo/x_1.0_amd64.deb'], false],
    [['a.c'], ['abc'], false],
    [[], ['a'], false],
  ])('compares %j with %j: %s', (expected, actual, same) => {
    expect(printsAs(expected, actual)).toBe(same);
  });

  test('finds a wrong output and a wrong exit status, in one shell with its folder and variables', async () => {
    const cwd = await temporaryFolder();
    const run = async (comment: string, ...lines: string[]) =>
      tutorialFaults(
        await runTutorial(tutorialCommands(pageOf(comment, ...lines)), {
          cwd,
          env: { PATH: '/usr/bin:/bin' },
        }),
      );
    const now = '<!-- tutorial: now -->';
    expect(await run(now, '$ mkdir -p a', '$ cd a', '$ X=1', '$ echo "$X ${PWD##*/}"', '1 a')).toEqual([]);
    expect(await run(now, '$ echo right', 'wrong')).toHaveLength(1);
    expect(await run(now, '$ echo right')).toHaveLength(1);
    expect(await run(now, '$ false')).toHaveLength(1);
    expect(await run(now, '$ echo error >&2', 'error')).toEqual([]);
    expect(await run(now, '$ cat', '$ echo still here', 'still here')).toEqual([]);
    expect(await run('<!-- tutorial: now; exit status 2 -->', '$ sh -c "exit 2"')).toEqual([]);
    expect(await run('<!-- tutorial: now; exit status 2 -->', '$ true')).toHaveLength(1);
    expect(await run('<!-- tutorial: now; any exit status -->', '$ false')).toEqual([]);
    expect(await run(now, '$ exit 0', '$ echo never', 'never')).toHaveLength(2);
  });
});
