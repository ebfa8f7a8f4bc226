import { command, type InputOf } from '../record/command-record.ts';
import { flag, requiredValue, value } from '../record/option.ts';
import { specArgument } from '../shared/arguments.ts';

/** `ingot render`: everything that a bake generates. */
export const renderCommand = command({
  name: 'render',
  task: 'describe',
  summary: 'write all files that a bake generates from the spec, for review',
  arguments: { spec: specArgument },
  options: {
    out: requiredValue('folder', 'where to write'),
    forPacker: value(
      'version',
      'write the template for this version of Packer, for example 1.14.2 (default: 1.6.6)',
    ),
    diff: flag('write nothing; print what would change in the folder (exit 3 if anything would)'),
  },
  examples: [
    { line: 'ingot render cluster.yaml --out rendered', does: 'write the files' },
    {
      line: 'ingot render cluster.yaml --out rendered --diff',
      does: 'print what a change of the spec changes',
    },
  ],
});

export type RenderInput = InputOf<typeof renderCommand>;
