import { command, type InputOf } from '../../record/command-record.ts';
import { specArgument } from '../../shared/arguments.ts';
import { jsonOption } from '../../shared/options.ts';

/** `ingot lock check`: whether the lock answers the spec. */
export const lockCheckCommand = command({
  name: 'lock check',
  task: 'bake',
  summary: 'print what the spec requires that the lock does not have (exit 3 if anything)',
  arguments: { spec: specArgument },
  options: { json: jsonOption('the result') },
  examples: [
    { line: 'ingot lock check cluster.yaml', does: 'for a pipeline: exit 0 if the lock is up to date' },
  ],
});

export type LockCheckInput = InputOf<typeof lockCheckCommand>;
