import { argument } from '../../record/argument.ts';
import { command, type InputOf } from '../../record/command-record.ts';
import { specArgument } from '../../shared/arguments.ts';
import { poolOption, quietOption } from '../../shared/options.ts';

/** `ingot lock import`: a lock and its packages as one file. */
export const lockImportCommand = command({
  name: 'lock import',
  task: 'bake',
  summary: 'take the lock and its packages from an archive that ingot lock export wrote',
  arguments: { spec: specArgument, file: argument('file', 'the archive to read') },
  options: { pool: poolOption, quiet: quietOption },
  examples: [
    {
      line: 'ingot lock import cluster.yaml packages.tar',
      does: 'put the lock next to the spec, and the packages into the pool',
    },
  ],
});

export type LockImportInput = InputOf<typeof lockImportCommand>;
