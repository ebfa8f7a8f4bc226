import { expect, test } from 'vitest';
import { bashScript } from '../../../../src/cli/completion/bash-script.ts';
import { fishScript } from '../../../../src/cli/completion/fish-script.ts';
import { zshScript } from '../../../../src/cli/completion/zsh-script.ts';
import { argument } from '../../../../src/cli/record/argument.ts';
import { type AnyCommand, command } from '../../../../src/cli/record/command-record.ts';
import { choice, flag } from '../../../../src/cli/record/option.ts';
import { usagesOf } from '../../../../src/cli/record/usage.ts';

const usages = usagesOf([
  command({
    name: 'paint',
    task: 'bake',
    summary: "paint the user's wall: [all] of it \\ more",
    arguments: { wall: argument('folder', 'the wall') },
    options: {
      colour: choice('colour', "the wall's colour: [bright]", ['red', 'blue']),
      twice: flag('twice'),
    },
    examples: [],
  }) as unknown as AnyCommand,
]);

test('quotes and brackets of a help do not end a word of the script', () => {
  expect(bashScript(usages)).toContain("'paint --colour') takes=one kind=words values='red blue' ;;");
  expect(zshScript(usages)).toContain(
    `'*--colour=[the wall'\\''s colour\\: \\[bright\\]]:colour:(red blue)'`,
  );
  expect(zshScript(usages)).toContain(`'paint:paint the user'\\''s wall: [all] of it \\ more'`);
  expect(fishScript(usages)).toContain(`-d 'paint the user\\'s wall: [all] of it \\\\ more'`);
  expect(fishScript(usages)).toContain(`-d 'the wall\\'s colour: [bright]' -r -f -a 'red blue'`);
});
