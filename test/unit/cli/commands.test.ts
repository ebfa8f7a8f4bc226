import { expect, test } from 'vitest';
import { benchCommand } from '../../../bench/options.ts';
import { commandLine, readCommandLine } from '../../../src/cli/command-line.ts';
import { commands } from '../../../src/cli/commands.ts';
import { type AnyCommand, taskHeadings } from '../../../src/cli/record/command-record.ts';
import { fakeWorld } from '../../samples/world.ts';

const records = commands.map(({ record }) => record);
const names = records.map(({ name }) => name);

async function helpOf(name: string): Promise<string> {
  const { world, out, err } = fakeWorld();
  expect(await commandLine(world, [...name.split(' '), '--help'])).toBe(0);
  expect(err()).toBe('');
  return out();
}

test.each(names)('the help of ingot %s ends with its examples', async (name) => {
  const help = await helpOf(name);
  const { examples, summary } = records.find((record) => record.name === name) as AnyCommand;
  expect(examples.length).toBeGreaterThan(0);
  const [, last = ''] = help.split('\nExamples:\n');
  for (const { line, does } of examples) {
    expect(last).toContain(`  ${line}`);
    expect(last).toContain(`# ${does}\n`);
  }
  expect(last.trimEnd().split('\n').length).toBeLessThanOrEqual(2 * examples.length);
  expect(help.replaceAll(/\s+/g, ' ').toLowerCase()).toContain(summary.toLowerCase());
});

test.each(records.flatMap(({ name, examples }) => examples.map(({ line }) => [line, name] as const)))(
  'the example "%s" is a valid use of ingot %s or of a command below it',
  async (line, name) => {
    const { world, err } = fakeWorld();
    const [program, ...args] = line.split(' ');
    expect(program).toBe('ingot');
    let chosen = '';
    await readCommandLine(world, args, (entry) => {
      chosen = entry.record.name;
      return Promise.resolve();
    });
    expect(err()).toBe('');
    expect(chosen === name || chosen.startsWith(`${name} `)).toBe(true);
  },
);

test('the help groups all commands by task, in the order of the tasks', async () => {
  const { world, out } = fakeWorld();
  await commandLine(world, ['--help']);
  const headings = Object.values(taskHeadings);
  expect(out().match(/^[A-Z].*:$/gm)).toEqual([
    'Options:',
    ...headings,
    'Help:',
    'Exit status:',
    'Environment:',
  ]);
  for (const [task, heading] of Object.entries(taskHeadings)) {
    const [, below = ''] = out().split(`\n${heading}\n`);
    const listed = [...(below.split('\n\n')[0] ?? '').matchAll(/^ {2}([a-z-]+)/gm)].map(([, name]) => name);
    const wanted = records.filter((one) => one.task === task && !one.name.includes(' '));
    expect(listed).toEqual(wanted.map(({ name }) => name));
  }
});

test('an option that several commands have takes the same kind of value in all of them', () => {
  const kinds = new Map<string, string>();
  for (const { options } of [...records, benchCommand as unknown as AnyCommand])
    for (const [key, { takes }] of Object.entries(options)) {
      const place = ['seed', 'diff', 'runs'].includes(key) ? '' : takes;
      expect([key, kinds.get(key) ?? place]).toEqual([key, place]);
      kinds.set(key, place);
    }
});
