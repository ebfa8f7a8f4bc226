import { optionalArgument } from '../record/argument.ts';
import { command, type InputOf } from '../record/command-record.ts';
import { outOption, seedKeyOption } from '../shared/options.ts';
import { roleArgument, wrongRole } from '../shared/role-argument.ts';

/** `ingot shell`: a shell in a guest of a bake, or on a node that is thrown away. */
export const shellCommand = command({
  name: 'shell',
  task: 'bake',
  summary:
    'open a shell in the guest of a running bake, or in a version that is booted for it and thrown away',
  arguments: {
    role: roleArgument,
    version: optionalArgument(
      'version',
      'boot this version: its name in the store, latest, dev (that of ingot bake --fast), or its folder (default: the guest of a running bake, else latest)',
    ),
  },
  options: { out: outOption, seedKey: seedKeyOption },
  examples: [
    {
      line: 'ingot shell slave',
      does: 'the guest of a bake, else the latest slave, on a disk that is thrown away',
    },
    { line: 'ingot shell master out/master/latest', does: 'this version, although a bake runs' },
  ],
  wrongUse: wrongRole,
});

export type ShellInput = InputOf<typeof shellCommand>;
