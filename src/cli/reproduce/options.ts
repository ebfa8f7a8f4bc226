import { command, type InputOf } from '../record/command-record.ts';
import { specArgument } from '../shared/arguments.ts';
import { jsonOption, offlineOption, outOption, poolOption, roleOption } from '../shared/options.ts';

/** `ingot reproduce`: bakes again and compares. */
export const reproduceCommand = command({
  name: 'reproduce',
  task: 'test',
  summary:
    'bake again from the lock, publish nothing, and compare every byte with the store (exit 3 if any differs)',
  arguments: { spec: specArgument },
  options: {
    out: outOption,
    role: roleOption,
    pool: poolOption,
    offline: offlineOption,
    json: jsonOption('the result'),
  },
  examples: [
    { line: 'ingot reproduce cluster.yaml', does: 'both roles' },
    { line: 'ingot reproduce cluster.yaml --role slave --offline', does: 'the slave, from the pool' },
  ],
});

export type ReproduceInput = InputOf<typeof reproduceCommand>;
