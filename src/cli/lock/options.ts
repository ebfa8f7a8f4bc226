import { command, type InputOf } from '../record/command-record.ts';
import type { OptionRecord } from '../record/option.ts';
import { specArgument } from '../shared/arguments.ts';
import { poolOption, quietOption } from '../shared/options.ts';
import { oldLockForm } from './old-form.ts';

const updateOption: OptionRecord<'all' | readonly string[] | undefined> = {
  takes: '[packages...]',
  help: 'take the newest version of all packages and layers, or of these and what they depend on',
  from: (parsed) => (parsed === true ? 'all' : (parsed as readonly string[] | undefined)),
};

/** `ingot lock`: the lock and the pool. */
export const lockCommand = command({
  name: 'lock',
  task: 'bake',
  summary: 'fix the version of every package in a lock file next to the spec, and fetch the packages',
  arguments: { spec: specArgument },
  options: { update: updateOption, pool: poolOption, quiet: quietOption },
  examples: [
    { line: 'ingot lock cluster.yaml', does: 'write cluster.lock.json, or confirm that it is up to date' },
    { line: 'ingot lock cluster.yaml --update', does: 'take the newest version of every package' },
    { line: 'ingot lock cluster.yaml --update curl', does: 'take the newest curl' },
  ],
  oldForm: oldLockForm,
});

export type LockInput = InputOf<typeof lockCommand>;
