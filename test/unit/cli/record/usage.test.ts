import { expect, test } from 'vitest';
import { commandLine } from '../../../../src/cli/command-line.ts';
import { commands } from '../../../../src/cli/commands.ts';
import { usagesOf } from '../../../../src/cli/record/usage.ts';
import { fakeWorld } from '../../../samples/world.ts';

const usages = usagesOf(commands.map(({ record }) => record));

test.each(usages.map((usage) => [usage.record.name, usage] as const))(
  'completion and the manual know exactly the options and arguments that the help of ingot %s shows',
  async (name, usage) => {
    const { world, out } = fakeWorld();
    await commandLine(world, [...name.split(' '), '--help']);
    const shown = [...out().matchAll(/^ {2}(?:-\w, )?(--[a-z-]+)(?: [<[]([a-z-]+)(?:\.\.\.)?[>\]])?/gm)];
    expect(usage.flags.map((flag) => [flag.name, flag.takes])).toEqual(
      shown.map(([, flag, takes]) => [flag, takes]).filter(([flag]) => flag !== '--help'),
    );
    const [, line = ''] = /^Usage: (.*)$/m.exec(out()) ?? [];
    const operands = usage.operands.map(({ takes, several, optional }) => {
      const word = `${takes}${several ? '...' : ''}`;
      return optional ? `[${word}]` : `<${word}>`;
    });
    expect(line.replace(' [command]', '')).toBe(['ingot', name, '[options]', ...operands].join(' '));
    for (const { takes } of usage.operands) expect(takes).toMatch(/^[a-z-]+$/);
  },
);

test('a subcommand is known by its last word', () => {
  const lock = usages.find(({ record }) => record.name === 'lock');
  expect(lock?.subcommands.map(({ word, usage }) => [word, usage.record.name])).toEqual([
    ['check', 'lock check'],
    ['export', 'lock export'],
    ['import', 'lock import'],
  ]);
});
