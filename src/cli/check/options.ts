import { command, type InputOf } from '../record/command-record.ts';
import { flag } from '../record/option.ts';
import { specArgument } from '../shared/arguments.ts';
import { jsonOption } from '../shared/options.ts';

/** `ingot check`: what would be baked, or every error of the spec. */
export const checkCommand = command({
  name: 'check',
  task: 'describe',
  summary: 'check a cluster.yaml: print what would be baked, or every error with its line',
  arguments: { spec: specArgument },
  options: {
    verbose: flag('print everything: all packages, files, units, kernel settings and checks'),
    json: jsonOption('the plan'),
  },
  examples: [
    { line: 'ingot check cluster.yaml', does: 'a summary, or every error of the file' },
    { line: 'ingot check cluster.yaml --verbose', does: 'every package, unit and setting' },
  ],
});

export type CheckInput = InputOf<typeof checkCommand>;
