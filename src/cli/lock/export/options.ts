import { argument } from '../../record/argument.ts';
import { command, type InputOf } from '../../record/command-record.ts';
import { specArgument } from '../../shared/arguments.ts';
import { poolOption, quietOption } from '../../shared/options.ts';

/** `ingot lock export`: a lock and its packages as one file. */
export const lockExportCommand = command({
  name: 'lock export',
  task: 'bake',
  summary: 'write the lock and all its packages into one archive',
  arguments: { spec: specArgument, file: argument('file', 'the archive to write') },
  options: { pool: poolOption, quiet: quietOption },
  examples: [
    {
      line: 'ingot lock export cluster.yaml packages.tar',
      does: 'take the lock and its packages to a machine without a network',
    },
  ],
});

export type LockExportInput = InputOf<typeof lockExportCommand>;
