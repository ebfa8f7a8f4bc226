import { command, type InputOf } from '../record/command-record.ts';
import { outOption } from '../shared/options.ts';
import { roleArgument, wrongRole } from '../shared/role-argument.ts';

/** `ingot console`: what the guest of a bake prints. */
export const consoleCommand = command({
  name: 'console',
  task: 'bake',
  summary: 'show the console of the guest of a bake that runs in another terminal',
  arguments: { role: roleArgument },
  options: { out: outOption },
  examples: [
    { line: 'ingot console slave', does: 'the build guest of the slave, then its boot test' },
    { line: 'ingot console master --out /srv/images', does: 'of a bake that writes to another store' },
  ],
  wrongUse: wrongRole,
});

export type ConsoleInput = InputOf<typeof consoleCommand>;
