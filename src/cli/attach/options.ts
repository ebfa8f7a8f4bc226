import { command, type InputOf } from '../record/command-record.ts';
import { flag } from '../record/option.ts';
import { outOption } from '../shared/options.ts';

/** `ingot attach`: the progress of a bake, in another terminal. */
export const attachCommand = command({
  name: 'attach',
  task: 'bake',
  summary: 'show the progress of a bake that runs in another terminal',
  arguments: {},
  options: {
    out: outOption,
    verbose: flag('print every line of every stage, one below the other, also on a terminal'),
  },
  examples: [
    { line: 'ingot attach', does: 'the bake that writes to out/; Ctrl-C leaves it running' },
    { line: 'ingot attach --out /srv/images', does: 'the bake that writes to another store' },
  ],
});

export type AttachInput = InputOf<typeof attachCommand>;
